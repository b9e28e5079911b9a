"""Files as people send them: each is taken, or refused as a whole with one clear reason."""

import codecs

import pytest

from portal.models import Badge, ImportState
from tests.services.importing.conftest import HEADER, badge_of, file_of, row

GOOD = file_of(row(1))
TEXT = GOOD.decode()


def saved_as(codec: str, mark: bytes = b"") -> bytes:
    return mark + TEXT.encode(codec)


REFUSED = {
    "no bytes": (b"", "the file is empty"),
    "blank lines only": (b"\r\n \r\n\r\n", "the file is empty"),
    "a BOM and nothing": (codecs.BOM_UTF8, "the file is empty"),
    "a BOM twice": (codecs.BOM_UTF8 * 2 + GOOD, "unknown column: in the name id an invisible"),
    "UTF-16 without its mark": (saved_as("utf-16-le"), "utf-16 without its mark"),
    "UTF-32": (saved_as("utf-32"), "utf-32"),
    "UTF-32 without its mark": (saved_as("utf-32-be"), "utf-32"),
    "a lone surrogate": (GOOD + b"2,\xed\xa0\x80", f"offset {len(GOOD) + 2}, in line 3,"),
    "an overlong slash": (GOOD + b"\xc0\xaf", f"offset {len(GOOD)}, in line 3,"),
    "a cut last character": (GOOD + b"\xc3", f"offset {len(GOOD)}, in line 3,"),
    "Windows-1252": (file_of(row(1, "Ångström")).replace(b"\xc3\x85", b"\xc5"), "csv utf-8"),
    "odd UTF-16": (saved_as("utf-16-le", codecs.BOM_UTF16_LE) + b"x", "is not utf-16"),
    "a NUL in a cell": (file_of(row(1), row(2, "Kn\0ts")), "line 3 holds a nul"),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "not a csv file"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "not a csv file"),
    "a program": (b"MZ\x90\0\x03\0\0\0", "not a csv file"),
    "a spreadsheet": (b"PK\x03\x04" + b"\x14\0" * 20, "spreadsheet or an archive"),
    "gzip": (b"\x1f\x8b\x08\0abc", "spreadsheet or an archive"),
    "a web page": (b"\r\n<!DOCTYPE html><html><body>Sign in", "this is a web page"),
    "course.csv": (b"id,courseName,courseCreationDate,state,author\n1,A,,,", "of course.csv"),
    "skill_level.csv": (b"skillId,levelId,maxCredits,badgeId\n", "of skill_level.csv"),
    "pipes": (TEXT.replace(",", "|").encode(), "separated by |"),
    "pipes by their own word": (b"sep=|\n" + GOOD, "separated by |"),
    "a column twice": (file_of("1", header=HEADER + ",ID"), "more than once: id"),
    "two columns missing": (
        b"id,state,imageUrl\n",
        "missing columns: badgename, badgecreationdate",
    ),
    "a misspelt column": (
        TEXT.replace("badgeName", "bagdeName").encode(),
        "did you mean badgename",
    ),
    "no header": (row(1).encode(), "missing columns: id, badgename"),
    "an open quote": (file_of(row(1), row(2), row(3), '5,"Kn', *map(row, range(6, 99))), "line 5"),
    "an open quote at the end": (file_of(row(1), '2,"Kn'), "line 3 is never closed"),
    "an open quote before quotes": (file_of('1,"Kn', '2,"A, b",', row(3)), "begins in line 2"),
    "backslashes": (file_of(row(1, r'"the \"knot\""')), "begins in line 2"),
    "an endless cell": (file_of(row(1, "x" * 1_200_000)), "line 2 has more than"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_its_reason(desk, name):
    content, said = REFUSED[name]
    run = desk.preview(content)
    assert run.state is ImportState.REFUSED
    assert said in desk.refusal(run).lower()
    assert desk.rows(run) == {}


TAKEN = {
    "a BOM": (codecs.BOM_UTF8 + GOOD, "UTF-8 with BOM", ","),
    "UTF-16 LE": (saved_as("utf-16-le", codecs.BOM_UTF16_LE), "UTF-16", ","),
    "UTF-16 BE": (saved_as("utf-16-be", codecs.BOM_UTF16_BE), "UTF-16", ","),
    "semicolons": (TEXT.replace(",", ";").encode(), "UTF-8", ";"),
    "tabs": (TEXT.replace(",", "\t").encode(), "UTF-8", "\t"),
    "LF": (TEXT.replace("\r\n", "\n").encode(), "UTF-8", ","),
    "CR": (TEXT.replace("\r\n", "\r").encode(), "UTF-8", ","),
    "no last line break": (GOOD.rstrip(), "UTF-8", ","),
    "other case": (TEXT.replace("badgeName", '" BADGE_NAME "').encode(), "UTF-8", ","),
    "a spaced column": (TEXT.replace("externalBadgeId", "External badge ID").encode(), "UTF-8", ","),
    "quotes everywhere": (b'"' + GOOD.strip().replace(b",", b'","').replace(b"\r\n", b'"\r\n"') + b'"',
                          "UTF-8", ","),
    "other order": (b"state,imageUrl,badgeName,id,badgeCreationDate\nActive,,Knots,1,"
                    b"2016-10-12T10:12:11.110Z", "UTF-8", ","),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_a_good_file_is_taken_and_the_preview_says_how_it_was_read(desk, name):
    content, encoding, separator = TAKEN[name]
    run = desk.preview(content)
    assert (run.state, run.new, run.failed) == (ImportState.READY, 1, 0)
    assert (run.encoding, run.separator) == (encoding, separator)


def test_a_header_alone_is_said_to_have_no_rows(desk):
    run = desk.preview(HEADER.encode())
    assert (run.state, run.rows, run.notes[0]["code"]) == (ImportState.READY, 0, "import_no_rows")


def test_the_separator_line_of_a_spreadsheet_is_understood_and_skipped(desk):
    run = desk.preview(b"sep=;\r\n" + TEXT.replace(",", ";").encode())
    assert run.notes[0]["code"] == "import_separator_line"
    assert desk.outcomes(run) == {3: "new"}


def test_unknown_columns_are_named_and_ignored(desk):
    run = desk.preview(file_of(row(1) + ",x", header=HEADER + ",externalBadgId"))
    assert (run.new, run.ignored) == (1, ["externalBadgId"])


def test_a_misspelt_optional_column_is_named_with_what_was_meant(desk):
    run = desk.preview(TEXT.replace("externalBadgeId", "externalBadgId").encode())
    assert run.notes[0]["values"] == {"found": "externalBadgId", "meant": "externalBadgeId"}


def test_blank_lines_are_skipped_and_lines_are_those_of_the_file(desk):
    run = desk.preview(file_of("", row(1), ",,,,,,,", "", row(2), '"","",,,,,,'))
    assert desk.outcomes(run) == {3: "new", 6: "new"}


def test_text_in_quotes_is_kept_exactly_and_lines_stay_right(desk):
    run = desk.bring(file_of(row(1, '"The ""knot"", tied\r\nin two lines"'), row(2)))
    assert desk.outcomes(run) == {2: "new", 4: "new"}
    assert badge_of(1).name == 'The "knot", tied\r\nin two lines'


@pytest.mark.parametrize("cells", ["1,Knots", row(1) + ",more", row(1, 'Kn"ots')])
def test_a_row_of_a_wrong_shape_fails_alone(desk, cells):
    run = desk.preview(file_of(cells, row(2)))
    assert desk.outcomes(run) == {2: "error", 3: "new"}


def test_a_cell_too_long_fails_its_row_alone(desk):
    run = desk.preview(file_of(row(1, "x" * 131_073), row(2)))
    assert desk.said(run) == [("badgeName", "import_cell_too_long")]
    assert run.new == 1


def test_more_rows_than_the_limit_refuse_the_file_before_anything_is_judged(desk):
    run = desk.preview((HEADER + "\n" + "1,\n" * 1_000_001).encode())
    assert "more than 1000000 rows" in desk.refusal(run)
    assert Badge.query.count() == 0
