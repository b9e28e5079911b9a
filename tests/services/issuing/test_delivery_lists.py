"""Deliveries and awards are found by person or badge, however many there are of either."""

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import Award, AwardState, Delivery, DeliveryState
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
    for name in ("Örtkunskap", "Ropes of Number4"):
        badge = make_credly_badge(means, name)
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
    assert at.page.total == len(ids) or at.page.more and at.page.total < len(ids)
    end = delivery_lists.list_for_staff(q, state, END).page
    assert [one.id for one in end.rows] == ids[-len(end.rows) :] or not ids
    return ids, at.still_open.total


# All named; many of both, and far or near rows; the first one alone shows that many match.
REACHES = [(500, 1000, 5000), (0, 0, 5000), (0, 2, 1), (1, 1, 5000)]


@pytest.mark.parametrize(("few", "found", "reach"), REACHES)
def test_words_and_states_find_the_same_however_many_match(ten, monkeypatch, few, found, reach):
    monkeypatch.setattr(searching, "FEW", few)
    monkeypatch.setattr(slices, "MOST_FOUND", found)
    monkeypatch.setattr(slices, "REACH", reach)
    newest = list(db.session.scalars(select(Delivery.id).order_by(Delivery.id.desc())))
    expected = {
        ("åsa", ""): (newest, 8),
        ("number1", ""): (newest[3::5], 0),
        ("number4", ""): (newest[:6], 5),
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
    last = db.session.scalars(select(Award).order_by(Award.id.desc())).all()
    last[0].state = AwardState.REVOKED
    db.session.commit()
    assert awards.list_for_admin("ört", "earned").rows == last[5:]
    assert awards.list_for_admin("number2", "").rows == last[2::5]
    assert awards.list_for_admin("number4", "earned").rows == last[1:6]
    assert awards.list_for_admin("åsa", "revoked").rows == last[:1]
