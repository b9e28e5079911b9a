"""docs/security/: every requirement has its row, and what a row names is there.

Tests are read, not run; numbers in the rules are compared with the code.
"""

import csv
import importlib
import re
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "docs" / "security" / "asvs.csv"
RULES = ROOT / "docs" / "security" / "rules.md"
BAD_INPUTS = ROOT / "docs" / "security" / "bad-inputs.md"
# The ids of levels 1 and 2 of ASVS 5.0, each section's in a row.
ASKED = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6
3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12
6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2
8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2
10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1
13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5
16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
"""
STATES = {"test", "document", "not applicable", "open"}
UNITS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "MiB": 2**20, "KiB": 2**10}
LIMIT = re.compile(r"^\| [^|]+ \| ([0-9]+) (\w+) \| `([\w.]+):(\w+)` \|$", re.MULTILINE)
NODE = re.compile(r"tests/[\w/]+\.py::[\w:]+")


def ids_asked() -> list[str]:
    found = []
    for word in ASKED.split():
        section, _dot, numbers = word.rpartition(".")
        first, _dash, last = numbers.partition("-")
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def functions_of(path: str) -> frozenset[str]:
    """The names of a test file, those inside a class with the class before them."""
    found, group = set(), ""
    for line in (ROOT / path).read_text(encoding="utf-8").splitlines():
        if named := re.match(r"class (\w+)", line):
            group = f"{named[1]}::"
        elif named := re.match(r"( *)def (test_\w+)", line):
            found.add(f"{group if named[1] else ''}{named[2]}")
    return frozenset(found)


def test_every_requirement_has_one_row():
    asked = ids_asked()
    assert len(asked) == 253
    assert sorted(row["id"] for row in table()) == sorted(asked)


def test_every_row_says_what_it_rests_on():
    for row in table():
        assert row["level"] in {"1", "2"}, row
        assert row["status"] in STATES, row
        assert row["requirement"], row
        assert row["where"], row
        if row["status"] in {"test", "document"}:
            assert (row["status"] == "test") == bool(NODE.search(row["where"])), row


def test_no_row_of_level_1_is_open():
    assert not [row["id"] for row in table() if (row["level"], row["status"]) == ("1", "open")]


@pytest.mark.parametrize("path", [TABLE, BAD_INPUTS], ids=lambda path: path.name)
def test_every_test_that_is_named_is_there(path):
    nodes = NODE.findall(path.read_text(encoding="utf-8"))
    assert len(nodes) > 20
    for node in nodes:
        file, _colons, name = node.partition("::")
        assert name in functions_of(file), node


def test_every_heading_that_is_named_is_there():
    for row in table():
        for part in row["where"].split("; "):
            document, sign, heading = part.partition(".md#")
            if sign:
                lines = (ROOT / f"{document}.md").read_text(encoding="utf-8").splitlines()
                assert any(re.fullmatch(rf"#+ {re.escape(heading)}", one) for one in lines), part


def test_the_limits_in_the_document_are_those_of_the_code():
    limits = LIMIT.findall(RULES.read_text(encoding="utf-8"))
    assert len(limits) > 20
    for number, unit, module, name in limits:
        value = getattr(importlib.import_module(module), name)
        value = value.total_seconds() if isinstance(value, timedelta) else value
        assert int(number) * UNITS.get(unit, 1) == value, f"{module}:{name}"


def test_every_bad_input_of_forms_requests_and_answers_stands_in_the_table():
    rows = re.findall(r"^\| ([0-9]+) \| ", BAD_INPUTS.read_text(encoding="utf-8"), re.MULTILINE)
    forms, requests = [85, 86, 88, 89, 91, 92, 94, 95], [97, 98, 100, 101, 103, 104]
    assert [int(row) for row in rows] == [*forms, *requests, 106, 107, 109, 110]
