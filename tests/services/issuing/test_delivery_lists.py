"""Deliveries and awards are found by person or badge, however many there are of either."""

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import Award, Delivery, DeliveryState
from portal.services import slices
from portal.services.issuing import awards, bulk, delivery_lists, searching
from portal.services.slices import END, START
from tests.factories import earn, make_credly_badge, make_person

STATES = ("waiting", "done", "held", "waiting", "needs_person")


@pytest.fixture
def ten(app):
    """Two badges for each of five people, whose deliveries are in one of four states each."""
    means = app.extensions["means"]
    people = [make_person(f"Åsa Number{number}") for number in range(5)]
    for badge in (make_credly_badge(means, "Örtkunskap"), make_credly_badge(means, "Ropes")):
        for person, state in zip(people, STATES, strict=True):
            issued = earn(person, badge).issued_badge_id
            delivery = db.session.scalars(select(Delivery).filter_by(issued_badge_id=issued)).one()
            delivery.state = DeliveryState(state)
    db.session.commit()


def all_pages(q: str, state: str) -> tuple[list[int], object]:
    """The ids on every page, forwards; the last page must be the end of the same list."""
    ids, place = [], START
    while place is not None:
        at = delivery_lists.list_for_staff(q, state, place)
        ids += [one.id for one in at.page.rows]
        place = at.page.next
    end = delivery_lists.list_for_staff(q, state, END).page
    assert [one.id for one in end.rows] == ids[-len(end.rows) :] or not ids
    return ids, at.still_open.total


@pytest.mark.parametrize(("few", "found", "reach"), [(500, 1000, 5000), (0, 0, 5000), (1, 2, 1)])
def test_words_and_states_find_the_same_however_many_match(ten, monkeypatch, few, found, reach):
    monkeypatch.setattr(searching, "FEW", few)
    monkeypatch.setattr(slices, "MOST_FOUND", found)
    monkeypatch.setattr(slices, "REACH", reach)
    newest = list(db.session.scalars(select(Delivery.id).order_by(Delivery.id.desc())))
    expected = {
        ("åsa", ""): (newest, 8),
        ("number1", ""): (newest[3::5], 0),
        ("ÖRT", ""): (newest[5:], 4),
        ("ropes", "waiting"): ([newest[1], newest[4]], 2),
        ("ropes", "open"): (sorted(set(newest[:5]) - {newest[3]}, reverse=True), 4),
        ("åsa", "done"): (newest[3::5], 0),
        ("nobody", ""): ([], 0),
        ("", "held"): (newest[2::5], 2),
    }
    assert {asked: all_pages(*asked) for asked in expected} == expected
    for (q, state), (_ids, still_open) in expected.items():
        assert bulk.count_open(q, state) == still_open
    rows = awards.list_for_admin("ört", "earned").rows
    assert [one.badge.name for one in rows] == ["Örtkunskap"] * 5
    assert len(awards.list_for_admin("number2", "").rows) == 2
    assert len(db.session.scalars(select(Award)).all()) == 10
