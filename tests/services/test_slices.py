"""Long lists are walked from both ends, without a row twice or left out."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import Person
from portal.services import slices
from portal.services.mentions import names_person
from portal.services.slices import END, START, Order, Place, slice_of
from tests.factories import make_person

BY_NAME = Order((Person.last_name, Person.first_name, Person.id))
NEWEST = Order((Person.id,), falling=True)


@pytest.fixture
def names(app):
    """Eight people, three of whom have the same name."""
    for last in ("Berg", "Alm", "Lind", "Lind", "Dahl", "Lind", "Ek", "Cederlund"):
        make_person(f"Lena {last}")
    return sorted(("Berg", "Alm", "Lind", "Lind", "Dahl", "Lind", "Ek", "Cederlund"))


def page(place, order=BY_NAME):
    return slice_of(select(Person.id), select(Person), order, place, per_page=3)


def walk(place, way, order=BY_NAME):
    found = []
    while place is not None:
        at = page(place, order)
        found.append([person.last_name for person in at.rows])
        place = getattr(at, way)
    return found


def test_pages_follow_each_other_to_the_end(names):
    pages = walk(START, "next")
    assert sum(pages, []) == names
    assert [len(one) for one in pages] == [3, 3, 2]
    assert page(START).previous is None


def test_the_last_page_is_found_at_once_and_leads_back_to_the_first(names):
    pages = walk(END, "previous")
    assert pages[0] == names[-3:]
    assert page(END).next is None
    assert pages[-1] == names[:3], "the first page is whole, whichever way one comes"


def test_newest_first_is_walked_the_same_way(names):
    ids = sorted((person.id for person in db.session.scalars(select(Person))), reverse=True)
    at = page(START, NEWEST)
    assert [person.id for person in at.rows] == ids[:3]
    assert [person.id for person in page(at.next, NEWEST).rows] == ids[3:6]
    assert [person.id for person in page(END, NEWEST).rows] == ids[-3:]
    assert [person.id for person in page(Place(before=ids[4]), NEWEST).rows] == ids[1:4]


def test_a_row_that_went_away_leads_to_the_start(names):
    for place in (Place(after=10**6), Place(before=10**6)):
        assert [person.last_name for person in page(place).rows] == names[:3]


def test_beyond_the_last_row_is_the_start(names):
    last = page(END).rows[-1]
    assert [person.last_name for person in page(Place(after=last.id)).rows] == names[:3]


def test_what_is_beyond_counting_says_so(names, monkeypatch):
    assert (page(START).total, page(START).more) == (8, False)
    monkeypatch.setattr(slices, "MOST", 7)
    assert (page(START).total, page(START).more) == (7, True)


def test_an_empty_list_is_an_empty_page(app):
    for place in (START, END, Place(after=1)):
        at = page(place)
        assert (at.rows, at.total, at.previous, at.next) == ([], 0, None, None)


def found(place, word, most, order=BY_NAME, **reach):
    """A page of those whose name holds the word; more than `most` of them are common."""
    ids = select(Person.id).where(Person.id.in_(select(Person.id).where(names_person(word))))
    walked = select(Person.id).where(names_person(word))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(slices, "MOST_FOUND", most)
        for name, rows in reach.items():
            patched.setattr(slices, name.upper(), rows)
        return slice_of(ids, select(Person), order, place, common=walked, per_page=2)


def walked_through(word, most, order=BY_NAME, **reach):
    place, pages = START, []
    while place is not None:
        at = found(place, word, most, order, **reach)
        pages.append([person.last_name for person in at.rows])
        place = at.next
    place, back = END, []
    while place is not None:
        at = found(place, word, most, order, **reach)
        back.insert(0, [person.last_name for person in at.rows])
        place = at.previous
    assert sum(back[1:], []) == sum(pages, [])[-len(sum(back[1:], [])) :], "the same both ways"
    return sum(pages, [])


def test_what_is_common_is_found_like_what_is_rare(names):
    for order in (BY_NAME, NEWEST):
        rare = walked_through("l", 100, order)
        assert len(rare) == 8
        # Near rows alone, then all: the same pages, however far one looks at once.
        for reach in (1, 3, 5000):
            assert walked_through("l", 2, order, reach=reach) == rare


def test_a_search_is_counted_less_far(names):
    at = found(START, "lind", 2)
    assert (at.total, at.more) == (2, True)
    assert (found(START, "lind", 3).total, found(START, "lind", 3).more) == (3, False)


def test_equal_moments_are_told_apart_by_their_ids(names, now):
    for number, person in enumerate(db.session.scalars(select(Person))):
        person.created_at = now - timedelta(days=number // 3)
    db.session.commit()
    for falling in (True, False):
        order = Order((Person.created_at, Person.id), falling=falling)
        expected = sorted(
            ((one.created_at, one.id) for one in db.session.scalars(select(Person))),
            reverse=falling,
        )
        place, seen = START, []
        while place is not None:
            at = page(place, order)
            seen += [(one.created_at, one.id) for one in at.rows]
            place = at.next
        assert seen == expected
        at = page(page(START, order).next, order)
        assert page(at.previous, order).rows == page(START, order).rows


def test_who_comes_while_one_pages_moves_nobody(names):
    """Ahead of the page, behind it, and with the very name of the row it ends with."""
    seen, place = [], START
    for newcomer in ("Aa", "Cederlund", "Zorn", None):
        at = page(place)
        seen += [person.id for person in at.rows]
        place = at.next
        if newcomer:
            make_person(f"Lena {newcomer}")
        if place is None:
            break
    assert len(seen) == len(set(seen)), "nobody twice"
    first_eight = set(db.session.scalars(select(Person.id).order_by(Person.id).limit(8)))
    assert first_eight <= set(seen), "nobody of those who were there is left out"
