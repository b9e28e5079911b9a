"""docs/faults.md names a test for every fault of the matrix, and every test it names is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
# The numbers are stable names, and have gaps.
FAULTS = [
    "F01",
    "F02",
    "F03",
    "F04",
    "F05",
    "F07",
    "F08",
    "F09",
    "F10",
    "F11",
    "F12",
    "F13",
    "F14",
    "F15",
    "F16",
    "F17",
    "F18",
    "F20",
    "F21",
    "F22",
    "F23",
    "F24",
    "F26",
    "F27",
    "F28",
    "F29",
    "F31",
    "F32",
    "F33",
    "F34",
    "F35",
    "F36",
    "F38",
    "F39",
    "F40",
    "F41",
    "F42",
    "F43",
    "F44",
    "F45",
    "F46",
    "F47",
    "F49",
    "F50",
    "F51",
    "F52",
    "F54",
    "F55",
    "F56",
    "F57",
    "F58",
    "F60",
    "F61",
    "F62",
    "F64",
]
ROW = re.compile(r"^\| (F\d\d) \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py|…)::(test_\w+)`")


def named_tests() -> Iterator[tuple[str, str]]:
    """Every test that the table names, with its file."""
    for _fault, proof in ROW.findall(TEXT):
        file = ""
        for place, name in TEST.findall(proof):
            file = file if place == "…" else place
            yield file, name


def test_every_fault_stands_in_the_table_once():
    assert [fault for fault, _proof in ROW.findall(TEXT)] == FAULTS


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_has_a_test(fault):
    proofs = dict(ROW.findall(TEXT))
    assert TEST.search(proofs[fault])


@pytest.mark.parametrize(("file", "name"), sorted(set(named_tests())))
def test_every_test_that_is_named_is_there(file, name):
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")
