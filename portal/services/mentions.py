"""Whether a person is meant by the words of a search field, asked the same way by every list."""

from sqlalchemy import ColumnElement

from portal.models import Person
from portal.models.people.found_by import folded
from portal.services.paging import literally


def names_person(q: str) -> ColumnElement[bool]:
    """The condition that a person's name or address holds `q`; who is erased is found by nothing.

    One column that an index holds: neither database reads whole rows, or folds letters, for it.
    """
    return Person.found_by.like(literally(folded(q.strip())), escape="\\")
