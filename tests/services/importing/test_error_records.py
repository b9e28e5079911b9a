"""The error records: the bad rows as they were, harmless in a spreadsheet, ready to be mended."""

import csv
import io

import pytest

from portal.services.importing import error_records
from portal.services.importing.formulas import as_meant, harmless
from portal.wording import words
from tests.services.importing.conftest import HEADER, badge_of, file_of, row


def records_of(run) -> str:
    return "".join(error_records.written(run, words))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_a_bad_row_comes_back_as_it_was_with_line_column_and_reason(desk):
    run = desk.bring(file_of(row(1), row(2, state="Aktiv") + ",extra", header=HEADER + ",mine"))
    (_short, bad) = read(records_of(run))
    assert (bad["id"], bad["state"], bad["mine"]) == ("2", "Aktiv", "extra")
    assert (bad["line"], bad["column"]) == ("3", "state")
    assert "Active or Retired" in bad["error"]


def test_mended_error_records_go_in(desk):
    run = desk.bring(file_of(row(1), row(2, state="Aktiv")))
    mended = records_of(run).replace("Aktiv", "Active")
    again = desk.bring(mended.encode())
    assert (again.new, again.failed, again.ignored) == (1, 0, ["line", "column", "error"])
    assert badge_of(2).name == "Knots"


def test_error_records_of_error_records_have_their_columns_once(desk):
    run = desk.bring(records_of(desk.bring(file_of(row(2, state="Aktiv")))).encode())
    assert records_of(run).splitlines()[0].count("line") == 1


def test_a_row_with_too_many_cells_loses_none(desk):
    run = desk.bring(file_of(row(1) + ",more,and more"))
    assert list(csv.reader(io.StringIO(records_of(run))))[1][-2:] == ["more", "and more"]


def test_an_export_begins_with_a_bom_and_quotes_every_cell(desk):
    text = records_of(desk.bring(file_of(row(1, state="x"))))
    assert text.startswith('\ufeff"id","badgeName"')
    assert text.endswith('"\r\n')


NAMES = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", ";=1", ",=1", "''=1", "'plain", '"q"']


@pytest.mark.parametrize("name", NAMES)
def test_a_name_survives_import_export_and_import(desk, name):
    quoted = '"' + name.replace('"', '""') + '"'
    run = desk.bring(file_of(row(1, quoted, state="x")))
    cells = list(csv.reader(io.StringIO(records_of(run).removeprefix("\ufeff"), newline="")))
    assert all(cell[:1] not in tuple("=+-@\t\r") for line in cells for cell in line)
    desk.bring(records_of(run).replace('"x"', '"Active"').encode())
    assert badge_of(1).name == as_meant(name)


@pytest.mark.parametrize("cell", ["=1", "'=1", "''@x", "plain", "'plain", ""])
def test_harmless_and_back_is_the_same(cell):
    assert as_meant(harmless(cell)) == cell
