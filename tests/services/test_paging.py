"""A page of counted things: its rows, how many there are, and a number that does not exist."""

import pytest
from sqlalchemy import func, select

from portal.models import Person
from portal.services.paging import table_page
from tests.factories import make_person


@pytest.fixture
def names(app):
    """Five names, one of them borne by two people."""
    for number, last in enumerate(("Berg", "Alm", "Lind", "Lind", "Dahl", "Ek")):
        make_person(f"Lena {last}", email=f"{number}@example.org")
    counted = select(Person.last_name, func.count().label("people")).group_by(Person.last_name)
    return counted.order_by(Person.last_name)


def test_groups_are_counted_and_not_their_rows(names):
    at = table_page(names, 1, per_page=2)
    assert [(row["last_name"], row["people"]) for row in at.rows] == [("Alm", 1), ("Berg", 1)]
    assert (at.total, at.pages, at.number) == (5, 3, 1)
    last = table_page(names, 3, per_page=2)
    assert [(row["last_name"], row["people"]) for row in last.rows] == [("Lind", 2)]
    assert last.total == 5


def test_a_page_that_is_not_there_is_the_nearest(names):
    for number, there in ((99, 3), (0, 1), (-1, 1)):
        assert table_page(names, number, per_page=2).number == there


def test_nothing_is_one_empty_page(names):
    for number in (1, 7):
        at = table_page(names.where(Person.id < 0), number)
        assert (at.rows, at.total, at.number, at.pages) == ([], 0, 1, 1)
