"""Bad files one after the other, as people send them: what becomes of each, with words and line.

The numbers are those of the list of bad inputs (assurance 7, A to C). Those that need more than a
file stand elsewhere: 17, 19, 20, 22 in tests/web/admin/test_badge_import.py; 44, 46 in test_files;
65, 79 in test_judging; 76, 77 in test_asking; 68, 71 as pictures are fetched in tests/test_fetching
and tests/services/issuing; 70 in test_archives.
"""

import codecs
from typing import NamedTuple

import pytest

from portal.messages import from_stored
from portal.models import ImportState
from portal.wording import words
from tests.services.importing.conftest import HEADER, file_of
from tests.services.importing.conftest import row as usual

TEMPLATE = "1a2b3c4d-0000-4000-8000-000000000001"
DATE = "2016-10-12T10:12:11.110Z"


def row(number: object = 1, name: str = "Knots", **cells: str) -> str:
    """A row about which there is nothing at all to say."""
    return usual(number, name, **{"image": "https://example.org/b.png", **cells})


def backed(template: str = TEMPLATE, provider: str = "Credly") -> str:
    return row(template=template, provider=provider)


GOOD = file_of(row())
TEXT = GOOD.decode()


class Bad(NamedTuple):
    """What is sent, what becomes of it, what is said, and the line that is spoken of."""

    number: int
    content: bytes
    outcome: str = "OK"
    said: str = ""
    line: int = 2


def one(number: int, cells: str, outcome: str = "OK", said: str = "", line: int = 2) -> Bad:
    """A file with a single row."""
    return Bad(number, file_of(cells), outcome, said, line)


A = [
    Bad(1, b"", "FILE", "The file is empty."),
    Bad(2, HEADER.encode(), "NOTE", "no rows"),
    Bad(4, codecs.BOM_UTF8 + GOOD),
    Bad(5, codecs.BOM_UTF8 * 2 + GOOD, "FILE", "in the name id an invisible character (U+FEFF)"),
    Bad(7, TEXT.encode("utf-16-le"), "FILE", "UTF-16 without its mark"),
    Bad(7, TEXT.replace("Knots", "結び目" * 60).encode("utf-16-le"), "FILE", "UTF-16 without"),
    Bad(7, TEXT.encode("utf-16")),
    Bad(8, TEXT.encode("utf-32"), "FILE", "UTF-16 without its mark, or UTF-32"),
    Bad(8, TEXT.encode("utf-32-be"), "FILE", "UTF-16 without its mark, or UTF-32"),
    Bad(10, GOOD + b"2,\xed\xa0\x80", "FILE", "in line 3, is not UTF-8"),
    Bad(10, GOOD + b"2,\xc0\xaf", "FILE", "in line 3, is not UTF-8"),
    Bad(10, GOOD + b"\xc3", "FILE", "in line 3, is not UTF-8"),
    Bad(11, file_of(row(), row(2, "Kn\0ts")), "FILE", "Line 3 holds a NUL"),
    Bad(13, b"\x89PNG\r\n\x1a\n" + bytes(40), "FILE", "not a CSV file"),
    Bad(13, b"MZ\x90\0\x03\0\0\0", "FILE", "not a CSV file"),
    Bad(13, b"%PDF-1.7\n%\xe2\xe3", "FILE", "not a CSV file"),
    Bad(13, b"{\\rtf1\\ansi Badges}", "FILE", "not a CSV file"),
    Bad(13, b"BM\x36\0\x0c\0\0\0\0\0\x36" + bytes(60), "FILE", "not a CSV file"),
    Bad(13, b"RIFF\x24\0\0\0WEBPVP8 " + bytes(range(1, 60)), "FILE", "not a CSV file"),
    Bad(13, b"SQLite format 3\0" + bytes(200), "FILE", "not a CSV file"),
    Bad(14, b"\x1f\x8b\x08\0abc", "FILE", "a spreadsheet or an archive"),
    Bad(14, b"BZh91AY&SY\xd0", "FILE", "a spreadsheet or an archive"),
    Bad(14, b"\x28\xb5\x2f\xfd\x04", "FILE", "a spreadsheet or an archive"),
    Bad(16, b"\r\n<!DOCTYPE html><html><body>Sign in", "FILE", "sign-in page"),
    Bad(23, b"id,courseName,courseCreationDate,state\n", "FILE", "the columns of course.csv"),
]
UNCHECKED = "was not checked"
SHORT = HEADER.replace("externalBadgeId", "{}")
B = [
    Bad(25, TEXT.replace(",", "\t").encode()),
    Bad(25, TEXT.replace(",", "|").encode(), "FILE", "separated by |"),
    Bad(26, b"sep=;\r\n" + TEXT.replace(",", ";").encode(), "NOTE", "sep=;", 3),
    Bad(28, GOOD.rstrip()),
    Bad(29, file_of("", ",,,,,,,", row()), line=4),
    Bad(31, TEXT.replace("id,badgeName", '" ID ",BADGENAME').encode()),
    Bad(32, file_of("1", header=HEADER + ",id"), "FILE", "more than once: id"),
    Bad(34, b"id,state\n", "FILE", "Missing columns: badgeName, badgeCreationDate, imageUrl."),
    *(
        Bad(35, file_of(backed(), header=SHORT.format(name)), "NOTE", UNCHECKED)
        for name in (
            "externalBadgeID",
            "externalBadge Id",
            "External badge ID",
            "external_badge_id",
        )
    ),
    Bad(35, file_of(row(), header=SHORT.format("externalBadgId")), "NOTE", "mean externalBadgeId?"),
    one(37, "1,Knots", "ROW", "has 2 cells, the first row of the file 8"),
    one(37, row() + ",more", "ROW", "has 9 cells, the first row of the file 8"),
    Bad(
        38,
        file_of(*(row(number) for number in range(3)), '5,"Kn', *map(row, range(6, 1000))),
        "FILE",
        "opens in line 5 is never closed",
    ),
    Bad(40, file_of(row(name='"The ""knot"", tied\r\nin two"'), "2,x"), "ROW", "2 cells", 4),
    one(41, row(name=r'"the \"knot\""'), "FILE", "begins in line 2"),
    one(43, row(name="x" * 131_073), "ROW", "more than 8190 characters"),
]
UUID = "not the ID of a badge template"
PATH = "neither a path inside the upload nor a web address"
C = [
    one(49, row(""), "ROW", "The cell is empty"),
    one(49, row("  "), "ROW", "The cell is empty"),
    Bad(50, file_of(row(), row()), "NOTE", "stands in line 2 already; it counts once", 3),
    Bad(50, file_of(row(), row(name="Ropes")), "ROW", "in line 2 already, with other", 3),
    *(one(52, row(number), "NOTE", "A spreadsheet may") for number in ("01", "1.0", "1E3", "１")),
    one(52, row(" 1 ")),
    one(53, row("i" * 300), "ROW", "more than 255 characters"),
    *(one(53, row(number)) for number in ("a/b", "%2F", "..", "it's")),
    one(55, row(name=""), "ROW", "The cell is empty"),
    one(55, row(name="\u00a0\u200b"), "ROW", "The cell is empty"),
    one(56, row(name="Cafe\u0301")),
    Bad(56, file_of(row(name="Caf\xe9"), row(name="Cafe\u0301")), "NOTE", "it counts once", 3),
    *(one(58, row(name=text)) for text in ("<script>", "{{7*7}}", "${7*7}", "%s", "' OR 1=1--")),
    *(one(59, row(name=f'"{sign}1"')) for sign in "=+-@\t\r"),
    one(61, row(made="1980-01-01T00:00:00.000Z"), "ROW", "between 1981-01-01 and 2038-01-19"),
    one(61, row(made="2038-07-17T00:00:00.000Z"), "ROW", "between 1981-01-01 and 2038-01-19"),
    one(61, row(made="9999-01-01T00:00:00.000Z"), "ROW", "between 1981-01-01 and 2038-01-19"),
    one(61, row(made="0000-01-01T00:00:00.000Z"), "ROW", "not a moment like"),
    one(61, row(made="2037-01-01T00:00:00.000Z"), "NOTE", "lies in the future"),
    one(62, row(made="42655.42"), "ROW", "like 2016-08-17T08:56:21.000Z"),
    one(62, row(made="2016-10-12 10:12"), "ROW", "like 2016-08-17T08:56:21.000Z"),
    *(one(64, row(state=state)) for state in ("active", "ACTIVE", " Active ", "retired")),
    *(one(64, row(state=bad), "ROW", "must be Active or Retired") for bad in ("Aktiv", "1", "")),
    *(
        one(67, row(image=path), "ROW", PATH)
        for path in ("../../etc/passwd", "/etc/passwd", "C:\\x", "file:///", "\\\\host\\x")
    ),
    *(
        one(68, row(image=f"http://{host}/"), "ROW", "address")
        for host in ("127.0.0.1", "169.254.169.254", "2130706433")
    ),
    *(
        one(73, backed(text), "ROW", UUID)
        for text in (
            TEMPLATE.replace("-", ""),
            "{" + TEMPLATE + "}",
            f"urn:uuid:{TEMPLATE}",
            "1a2b-3c4d0000-4000-8000-000000000001",
            TEMPLATE[:-1] + "١",
        )
    ),
    *(
        one(74, backed(text), "ROW", UUID)
        for text in (
            TEMPLATE[:-1],
            TEMPLATE + "1",
            TEMPLATE[:-1] + "g",
            TEMPLATE[:8] + " " + TEMPLATE[9:],
            "00000000-0000-0000-0000-000000000000",
        )
    ),
    *(
        one(80, backed(provider=name), "NOTE", UNCHECKED)
        for name in ("credly", "CREDLY", " Credly ")
    ),
    one(82, backed(""), "ROW", "Give both or neither"),
    one(82, backed(provider=""), "ROW", "Give both or neither"),
    one(82, backed(provider="Badgr"), "ROW", "Known providers: Credly"),
    one(83, row()),
    # Longer than a picture's source is kept: PostgreSQL would stop the whole run.
    one(67, row(image=f"https://example.org/{'x' * 2000}"), "ROW", "more than 2000 characters"),
    one(67, row(image="x" * 2001), "ROW", "more than 2000 characters"),
]


def outcome_of(desk, run, line: int) -> tuple[str, str]:
    """What became of a file, and everything that is said of it or of this line, in words."""
    if run.state is ImportState.REFUSED:
        return "FILE", desk.refusal(run)
    assert run.state is ImportState.READY
    kept = desk.rows(run).get(line)
    said = [*run.notes, *(kept.remarks if kept else [])]
    told = " ".join(words(from_stored(one)) for one in said)
    if kept and kept.outcome == "error":
        return "ROW", told
    return ("NOTE" if said else "OK"), told


@pytest.mark.parametrize("group", [A, B, C], ids="ABC")
def test_every_bad_input_ends_as_it_should_with_its_words_and_line(desk, subtests, group):
    runs = [desk.upload(bad.content) for bad in group]
    desk.work()
    for bad, run in zip(group, runs, strict=True):
        with subtests.test(f"{bad.number}: {bad.content[-60:]!r}"):
            outcome, told = outcome_of(desk, run, bad.line)
            assert (outcome, bad.said in told) == (bad.outcome, True), told
            assert run.rows == len(desk.rows(run)), "every row is accounted for"
