"""What stands in the cells of badge.csv: refused at its column, noted, or taken as it is."""

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Badge
from portal.services.importing.badges.rows import LAYOUT, read_row
from portal.services.importing.columns import read_header
from portal.services.importing.csv_rows import rows
from tests.services.importing.conftest import badge_of, file_of, row

TEMPLATE = "1a2b3c4d-0000-4000-8000-000000000001"


def backed(template: str = TEMPLATE, provider: str = "Credly") -> dict[str, str]:
    return {"template": template, "provider": provider}


def said(cells: str) -> list[tuple[str, str]]:
    """The column and code of what is said about a row: its errors, or else its notes."""
    header, found = rows([file_of(cells).decode()], ",")
    read = read_row(found, read_header(header, LAYOUT), utc_now())
    return [(column, message.code) for column, message in read.errors or read.notes]


DATE, TEMPLATE_ID, PROVIDER = "badgeCreationDate", "externalBadgeId", "externalBadgeProvider"
NO_UUID = "external_badge_id_not_uuid"
FAILS = {
    "no id": (row("  "), "id", "import_cell_missing"),
    "an invisible id": (row("\u200b"), "id", "import_cell_missing"),
    "a long id": (row("i" * 300), "id", "import_cell_too_long"),
    "no name": (row(1, ""), "badgeName", "import_cell_missing"),
    "an invisible name": (row(1, "\u00a0\u200b\u00a0"), "badgeName", "import_cell_missing"),
    "a long name": (row(1, "n" * 256), "badgeName", "import_cell_too_long"),
    "no date": (row(1, made=""), DATE, "import_cell_missing"),
    "1980": (row(1, made="1980-04-17T00:00:00.000Z"), DATE, "import_date_range"),
    "2038": (row(1, made="2038-07-17T00:00:00.000Z"), DATE, "import_date_range"),
    "9999": (row(1, made="9999-01-01T00:00:00.000Z"), DATE, "import_date_range"),
    "year 0": (row(1, made="0000-01-01T00:00:00.000Z"), DATE, "import_date"),
    "30 February": (row(1, made="2016-02-30T00:00:00.000Z"), DATE, "import_date"),
    "a serial number": (row(1, made="42655.42"), DATE, "import_date"),
    "a plain date": (row(1, modified="2016-10-12 10:12"), "lastModifiedDate", "import_date"),
    "Arabic digits": (row(1, made="٢٠١٦-10-12T10:12:11.110Z"), DATE, "import_date"),
    "a Swedish state": (row(1, state="Aktiv"), "state", "import_state"),
    "a number as state": (row(1, state="1"), "state", "import_state"),
    "no state": (row(1, state=""), "state", "import_state"),
    "a way up": (row(1, image="../../etc/passwd"), "imageUrl", "import_image_path"),
    "a hidden way up": (row(1, image="a/%2e%2e/b.png"), "imageUrl", "import_image_path"),
    "an absolute path": (row(1, image="/etc/passwd"), "imageUrl", "import_image_path"),
    "a drive": (row(1, image="C:\\x"), "imageUrl", "import_image_path"),
    "a share": (row(1, image="\\\\host\\x"), "imageUrl", "import_image_path"),
    "a file address": (row(1, image="file:///etc/passwd"), "imageUrl", "import_image_path"),
    "script": (row(1, image="javascript:alert(1)"), "imageUrl", "import_image_path"),
    "loopback": (row(1, image="http://127.0.0.1/"), "imageUrl", "image_address_refused"),
    "metadata": (row(1, image="http://169.254.169.254/"), "imageUrl", "image_address_refused"),
    "in disguise": (row(1, image="http://2130706433/"), "imageUrl", "image_address_refused"),
    "no hyphens": (row(1, **backed(TEMPLATE.replace("-", ""))), TEMPLATE_ID, NO_UUID),
    "braces": (row(1, **backed("{" + TEMPLATE + "}")), TEMPLATE_ID, NO_UUID),
    "urn": (row(1, **backed("urn:uuid:" + TEMPLATE)), TEMPLATE_ID, NO_UUID),
    "an Arabic digit": (row(1, **backed(TEMPLATE[:-1] + "١")), TEMPLATE_ID, NO_UUID),
    "a letter g": (row(1, **backed(TEMPLATE[:-1] + "g")), TEMPLATE_ID, NO_UUID),
    "too short": (row(1, **backed(TEMPLATE[:-1])), TEMPLATE_ID, NO_UUID),
    "hyphens misplaced": (
        row(1, **backed("1a2b-3c4d0000-4000-8000-000000000001")),
        TEMPLATE_ID,
        NO_UUID,
    ),
    "the nil UUID": (row(1, **backed(f"{0:08}-0000-0000-0000-{0:012}")), TEMPLATE_ID, NO_UUID),
    "another provider": (row(1, **backed(provider="Badgr")), PROVIDER, "import_provider"),
    "no provider": (row(1, **backed(provider="")), PROVIDER, "import_id_without_provider"),
    "a provider alone": (row(1, **backed("")), TEMPLATE_ID, "import_provider_without_id"),
    "too few cells": ("1,Knots", "", "import_row_cells"),
    "too many cells": (row(1) + ",more", "", "import_row_cells"),
    "a stray quote": (row(1, 'Kn"ots'), "", "import_row_quote"),
    "a huge cell": (row(1, "x" * 131_073), "badgeName", "import_cell_too_long"),
}


@pytest.mark.parametrize("name", FAILS)
def test_a_bad_cell_fails_its_row_at_its_column(name):
    cells, column, code = FAILS[name]
    assert said(cells) == [(column, code)]


NOTED = {
    "a long name": (row(1, "n" * 26), "import_name_long"),
    "the future": (row(1, made="2037-01-01T00:00:00.000Z"), "import_date_future"),
    "no picture": (row(1, image=""), "import_image_none"),
    "an id of a spreadsheet": (row("1E3"), "import_id_spreadsheet"),
    "a wide digit": (row("１"), "import_id_spreadsheet"),
}


@pytest.mark.parametrize("name", NOTED)
def test_what_is_worth_a_look_is_noted(name):
    cells, code = NOTED[name]
    assert code in [code for _column, code in said(cells)]


GOOD = [
    *(row(1, state=state) for state in ("active", "ACTIVE", " Active ", "retired")),
    *(row(1, **backed(provider=provider)) for provider in ("credly", "CREDLY", " Credly ")),
    row(1, image="https://example.org/a b.png".replace(" ", "%20")),
    row(1, modified="2038-01-19T03:14:07.000Z"),
]


@pytest.mark.parametrize("cells", GOOD)
def test_a_good_row_is_taken(cells):
    assert {code for _column, code in said(cells)} <= {
        "import_image_not_here",
        "import_date_future",
    }


def test_ids_that_are_other_texts_stay_other_badges(desk):
    ids = ["1", "01", "1.0", "1E3", "１", "a/b", "%2F", "..", "'", "=1"]
    assert desk.bring(file_of(*(row(one) for one in ids))).new == len(ids)
    assert {badge.source_id for badge in db.session.scalars(db.select(Badge))} == set(ids)


def test_spaces_around_an_id_do_not_make_another(desk):
    desk.bring(file_of(row(" 1 ")))
    assert desk.preview(file_of(row("1"))).unchanged == 1


def test_a_name_is_the_same_in_one_code_point_or_two(desk):
    desk.bring(file_of(row(1, "Cafe\u0301")))
    assert badge_of(1).name == "Caf\u00e9"
    assert desk.preview(file_of(row(1, "Caf\u00e9"))).unchanged == 1


def test_a_template_id_in_upper_case_is_lowered(desk):
    desk.bring(file_of(row(1, **backed(TEMPLATE.upper()))))
    assert badge_of(1).external_badge_id == TEMPLATE


def test_everything_wrong_with_a_row_is_said_at_once():
    assert len(said(row(1, "", made="x", state="x", image="/x"))) == 4
