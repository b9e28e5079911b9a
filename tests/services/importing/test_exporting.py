"""What goes out comes in again unchanged, whatever it is called, and no spreadsheet runs it."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.extensions import db
from portal.models import Badge, Person, Role
from portal.services.importing import exporting
from portal.services.importing.badges.kind import BADGES
from portal.services.importing.formulas import as_meant, harmless, quoted
from portal.services.importing.people.kind import PEOPLE
from portal.services.issuing import badges
from portal.services.people import people
from tests.factories import make_badge, make_connection, make_person, make_template
from tests.services.importing.conftest import HEADER, badge_of, file_of, row

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    ";=1",
    ",=1",
    "'=1",
    "''=1",
    "'",
    '"=1"',
]
# The last four are wide: spreadsheets of East Asia read them like the first.
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
NAMES = some.text("=\uff0b+-@'\t\r\n\",; aé\u0301\u200b", min_size=1, max_size=6)


def exported(kind) -> bytes:
    return "".join(exporting.written(kind)).encode()


def cells(content: bytes) -> list[list[str]]:
    """The cells as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def test_a_formula_is_kept_inside_and_neutral_outside(desk):
    # As they stand, but for those that begin as ours do: of them the importer takes a sign off.
    names = [harmless(name) if name.startswith("'") else name for name in FORMULAS]
    rows = [row(number, cell(name)) for number, name in enumerate(names)]
    assert desk.bring(file_of(*rows)).failed == 0
    assert {badge.name for badge in db.session.scalars(db.select(Badge))} == set(FORMULAS)
    content = exported(BADGES)
    assert content.startswith(b'\xef\xbb\xbf"id","badgeName"')
    assert not [one for line in cells(content) for one in line if one.startswith(TRIGGERS)]
    again = desk.bring(content)
    assert (again.unchanged, again.rows) == (len(FORMULAS), len(FORMULAS))


def test_no_sign_that_begins_a_formula_stands_first():
    for sign in TRIGGERS:
        typed = [f"{sign}1", f"''{sign}1", f"1{sign}"]
        written = cells(quoted(typed).encode())[0]
        assert written == [f"'{typed[0]}", f"'{typed[1]}", typed[2]]
        assert [as_meant(one) for one in written] == typed


@settings(max_examples=12)
@given(names=some.lists(NAMES, min_size=1, max_size=8))
def test_whatever_was_accepted_comes_in_again_unchanged(desk, names):
    header = quoted(HEADER.split(","))
    lines = [
        f'"{number}-{len(names)}",{cell(name)},{row().split(",", 2)[2]}\r\n'
        for number, name in enumerate(names)
    ]
    desk.bring((header + "".join(lines)).encode())
    run = desk.preview(exported(BADGES))
    assert (run.failed, run.changed, run.new) == (0, 0, 0)


def test_badges_from_everywhere_go_out_and_come_in_again(desk, now):
    connection = make_connection(desk.means)
    follows = make_badge(template=make_template(connection, "  Ropes\u0301 and a long name " * 20))
    make_badge("Old", template=make_template(connection), state="retired")
    alone = badges.add_by_hand(name="Harbour", external_badge_id="", connection_id=0, now=now)
    desk.bring(
        file_of(row(1, image="https://example.org/a.png", modified=f"{now:%Y-%m-%d}T00:00:00.000Z"))
    )
    content = exported(BADGES)
    assert len({line[0] for line in cells(content)}) == 5
    run = desk.bring(content)
    assert (run.unchanged, run.rows) == (4, 4)
    db.session.refresh(follows)
    assert follows.own_name is None, "it still follows its template"
    desk.bring(content.replace(b"Harbour", b"Port"))
    assert badge_of(alone.source_id).name == "Port"


def test_what_another_portal_exported_makes_the_same_badges(desk):
    desk.bring(file_of(row("B-7", "Knots", state="Retired"), row("B-8", "Ropes")))
    content = exported(BADGES)
    db.session.execute(db.delete(Badge))
    db.session.commit()
    assert desk.bring(content).new == 2
    assert exported(BADGES) == content


def test_people_go_out_and_come_in_again(desk, ada):
    desk.kind, desk.actor = "people", ada
    for number, name in enumerate(["=Lena", "-", "@Å", "'+x"]):
        first = name if any(map(str.isalnum, name)) else "X-"
        people.add(
            email=f"+a{number}@example.org", first_name=first, last_name=f"{name} L", roles=set()
        )
    otto = make_person("Otto Author", roles={"author", "integration_admin"})
    otto.locale = "sv"
    off = make_person("Switched Off")
    off.active = False
    db.session.commit()
    content = exported(PEOPLE)
    table = cells(content)
    assert table[0] == ["email", "firstName", "lastName", "roles", "locale"]
    assert [otto.email, "Otto", "Author", "author|integration_admin", "sv"] in table
    assert off.email not in content.decode()
    assert not [one for line in table for one in line if one.startswith(TRIGGERS)]
    run = desk.bring(content)
    assert (run.unchanged, run.rows) == (6, 6)


def test_people_of_another_portal_are_the_same_here(desk, ada, otto):
    desk.kind, desk.actor = "people", ada
    content = exported(PEOPLE)
    db.session.delete(otto)
    db.session.commit()
    assert desk.bring(content).new == 1
    assert {one.name: one.roles for one in db.session.scalars(db.select(Person))} == {
        "Ada Admin": {Role.ADMIN},
        "Otto Author": {Role.AUTHOR},
    }


@pytest.mark.parametrize("count", [0, 1, 1001])
def test_an_export_comes_in_pieces_without_losing_a_row(desk, count):
    if count:
        db.session.execute(db.insert(Badge), [{"own_name": str(one)} for one in range(count)])
    names = [line[1] for line in cells(exported(BADGES))]
    assert names == ["badgeName", *map(str, range(count))]
