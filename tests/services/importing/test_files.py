"""Files as people send them: each is taken, or refused as a whole with one clear reason."""

import codecs
from pathlib import Path

import pytest

from portal.messages import say
from portal.models import ImportState
from portal.services.importing.badges.rows import LAYOUT
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.previewing import survey
from portal.services.importing.sources import Source
from portal.wording import words
from tests.services.importing.conftest import HEADER, MADE, badge_of, file_of, row

GOOD = file_of(row(1))
TEXT = GOOD.decode()


def saved_as(codec: str, mark: bytes = b"") -> bytes:
    return mark + TEXT.encode(codec)


def bad_byte(offset: int, encoding: str = "UTF-8"):
    return say("import_bad_byte", offset=offset, line=3, encoding=encoding)


def missing(columns: str):
    return say("import_columns_missing", columns=columns)


REFUSED = {
    "no bytes": (b"", say("import_empty")),
    "blank lines only": (b"\r\n \r\n\r\n", say("import_empty")),
    "a BOM and nothing": (codecs.BOM_UTF8, say("import_empty")),
    "a BOM twice": (
        codecs.BOM_UTF8 * 2 + GOOD,
        say("import_column_invisible", column="id", sign="U+FEFF"),
    ),
    "UTF-16 without its mark": (saved_as("utf-16-le"), say("import_utf16_unmarked")),
    "UTF-32": (saved_as("utf-32"), say("import_utf16_unmarked")),
    "UTF-32 without its mark": (saved_as("utf-32-be"), say("import_utf16_unmarked")),
    "a lone surrogate": (GOOD + b"2,\xed\xa0\x80", bad_byte(len(GOOD) + 2)),
    "an overlong slash": (GOOD + b"\xc0\xaf", bad_byte(len(GOOD))),
    "a cut last character": (GOOD + b"\xc3", bad_byte(len(GOOD))),
    "Windows-1252": (GOOD + b"2,\xc5ngstr\xf6m", bad_byte(len(GOOD) + 2)),
    "odd UTF-16": (
        saved_as("utf-16-le", codecs.BOM_UTF16_LE) + b"x",
        bad_byte(2 * len(TEXT) + 2, encoding="UTF-16"),
    ),
    "a bad byte behind the first piece": (
        GOOD + b"2" * 70_000 + b"\xff",
        bad_byte(len(GOOD) + 70_000),
    ),
    "a NUL in a cell": (file_of(row(1), row(2, "Kn\0ts")), say("import_nul", line=3)),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, say("import_binary")),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", say("import_binary")),
    "a program": (b"MZ\x90\0\x03\0\0\0", say("import_binary")),
    "a spreadsheet": (b"PK\x03\x04" + b"\x14\0" * 20, say("import_spreadsheet")),
    "gzip": (b"\x1f\x8b\x08\0abc", say("import_spreadsheet")),
    "a web page": (b"\r\n<!DOCTYPE html><html><body>Sign in", say("import_web_page")),
    "course.csv": (
        b"id,courseName,description,courseCreationDate,state,author\n",
        say("import_other_file", file="course.csv"),
    ),
    "skill_level.csv": (
        b"skillId,levelId,maxCredits,badgeId\n",
        say("import_other_file", file="skill_level.csv"),
    ),
    "pipes": (TEXT.replace(",", "|").encode(), say("import_separator", separator="|")),
    "pipes by their own word": (b"sep=|\n" + GOOD, say("import_separator", separator="|")),
    "a column twice": (
        file_of("1", header=HEADER + ",ID"),
        say("import_columns_twice", columns="id"),
    ),
    "three columns missing": (b"id,state\n", missing("badgeName, badgeCreationDate, imageUrl")),
    "what is known as badge.csv": (
        b"id,badgeName,badgeCreationDate\n",
        missing("state, imageUrl"),
    ),
    "a misspelt column": (TEXT.replace("badgeName", "bagdeName").encode(), missing("badgeName")),
    "no header": (
        row(1).encode(),
        missing("id, badgeName, badgeCreationDate, state, imageUrl"),
    ),
    "an open quote": (
        file_of(row(1), row(2), row(3), '5,"Kn', *map(row, range(6, 99))),
        say("import_quote_open", line=5),
    ),
    "an open quote before others": (
        file_of('1,"Kn', '2,"A, b",', row(3)),
        say("import_quote_broken", line=2),
    ),
    "backslashes": (file_of(row(1, r'"the \"knot\""')), say("import_quote_broken", line=2)),
    "an endless cell": (
        file_of(row(1), row(2, "x" * 1_200_000)),
        say("import_row_too_long", line=3, most=1_048_576),
    ),
    "an endless quoted cell": (
        file_of(row(1, '"' + "x\n" * 600_000 + '"')),
        say("import_row_too_long", line=2, most=1_048_576),
    ),
    "too many rows": (
        (HEADER + "\n" + "1,\n" * 1_000_001).encode(),
        say("import_too_many_rows", most=1_000_000),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_with_its_reason(tmp_path, name):
    content, reason = REFUSED[name]
    path = Path(tmp_path, "upload")
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        survey(Source(lambda: path.open("rb")), LAYOUT)
    assert refused.value.message == reason


def test_a_refused_file_says_so_in_words_and_leaves_nothing(desk):
    run = desk.preview(REFUSED["a misspelt column"][0])
    assert run.state is ImportState.REFUSED
    assert desk.refusal(run) == (
        "Missing columns: badgeName. The first row of the file must name them."
        " Unknown column bagdeName. Did you mean badgeName?"
    )
    assert desk.rows(run) == {}


def test_every_reason_can_be_said(app):
    assert all(words(reason) for _content, reason in REFUSED.values())


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
    "a spaced column": (TEXT.replace("badgeName", "Badge name").encode(), "UTF-8", ","),
    "quotes everywhere": (
        ('"' + TEXT.strip().replace(",", '","').replace("\r\n", '"\r\n"') + '"').encode(),
        "UTF-8",
        ",",
    ),
    "other order": (
        f"state,imageUrl,badgeName,id,badgeCreationDate\nActive,,Knots,1,{MADE}".encode(),
        "UTF-8",
        ",",
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_good_file_is_taken_and_the_preview_says_how_it_was_read(tmp_path, name):
    content, encoding, separator = TAKEN[name]
    path = Path(tmp_path, "upload")
    path.write_bytes(content)
    found = survey(Source(lambda: path.open("rb")), LAYOUT)
    assert (found["encoding"], found["separator"], found["rows"]) == (encoding, separator, 1)
    assert found["notes"] == []


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
