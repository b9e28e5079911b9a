"""Ada sees how many badges were issued, told of and accepted, and who waits for how long."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.models import Delivery, DeliveryKind, DeliveryState
from portal.services.issuing import acceptance
from portal.services.issuing.acceptance import Age, Narrowed
from portal.services.learning import accepted_through
from portal.services.slices import Place
from tests.factories import earn, make_badge, make_credly_badge, make_person


def issue(learner, badge, now, days: float, *, silent=False, **at_credly):
    """A badge that Credly issued so many days ago."""
    award = earn(learner, badge, **at_credly)
    query = select(Delivery).filter_by(issued_badge_id=award.issued_badge_id)
    award.issued_badge.came_at = now - timedelta(days=days)
    for delivery in db.session.scalars(query):
        delivery.suppress_mail = silent
    db.session.commit()
    return award


@pytest.fixture
def knots(app):
    return make_credly_badge(app.extensions["means"], "Knots")


@pytest.fixture
def town(app, knots, now):
    """Knots for eight people in every state, Sails for one; by the learner's first name."""
    sails, people = make_credly_badge(app.extensions["means"], "Sails"), {}
    for name, days, state in (
        ("Anna", 0, "pending"),
        ("Bo", 3.9, "pending"),
        ("Cia", 4, "pending"),
        ("Dan", 15, "pending"),
        ("Eva", 31, "pending"),
        ("Finn", 40, "accepted"),
        ("Gun", 2, "rejected"),
        ("Hugo", 2, "revoked"),
    ):
        people[name] = issue(make_person(f"{name} Sailor"), knots, now, days, state=state)
    people["Ida"] = issue(make_person("Ida Sailor"), sails, now, 1, state="accepted")
    return people


def test_each_badge_counts_once_in_its_state_and_its_age(town, now):
    found = acceptance.totals(Narrowed(), now)
    assert (found["issued"], found["accepted"], found["pending"]) == (9, 2, 5)
    assert (found["rejected"], found["revoked"], found["told"]) == (1, 1, 9)
    assert [found[age.value] for age in Age] == [2, 1, 1, 1]


def test_who_was_issued_in_silence_is_told_by_the_first_reminder(knots, now, lena):
    award = issue(lena, knots, now, 1, silent=True, state="pending")
    assert acceptance.totals(Narrowed(), now)["told"] == 0
    award.issued_badge.reminders = 1
    db.session.commit()
    assert acceptance.totals(Narrowed(), now)["told"] == 1


def test_what_is_not_at_credly_or_was_replaced_is_not_counted(knots, now, lena):
    earn(lena, knots)
    earn(make_person(), make_badge("Of the portal"))
    issue(make_person(), knots, now, 1, state="accepted", gone_at=now)
    before = issue(make_person("Otto Old"), knots, now, 400, state="accepted")
    renewed = issue(make_person("Otto New"), knots, now, 1, state="pending")
    renewed.issued_badge.replaces_id = before.issued_badge_id
    db.session.commit()
    found = acceptance.totals(Narrowed(), now)
    assert (found["issued"], found["pending"]) == (1, 1)


def test_a_period_leaves_out_what_was_issued_before(town, now):
    found = acceptance.totals(Narrowed(days=30), now)
    assert (found["issued"], found["over-30"]) == (7, 0)


def test_badges_are_listed_by_name_or_by_a_number(town, now):
    def names(order):
        page = acceptance.by_badge(Narrowed(), order, 1, now)
        return [(row.name, row.issued, row.accepted) for row in page.rows]

    assert names("") == [("Knots", 8, 1), ("Sails", 1, 1)]
    assert names("issued")[0][0] == "Knots"
    assert names("nonsense") == names("")


def test_a_badge_earned_through_two_things_counts_with_both_and_once_in_all(knots, now, lena):
    issue(lena, knots, now, 1, state="pending")
    earn(lena, knots)
    found = accepted_through.by_source(Narrowed(), "", 1, now)
    assert [(row.name, row.issued) for row in found.rows] == [("The way to Knots", 1)] * 2
    assert acceptance.totals(Narrowed(), now)["issued"] == 1
    assert acceptance.by_badge(Narrowed(), "", 1, now).rows[0].issued == 1


def test_those_who_wait_are_listed_the_longest_first(town, now):
    found = acceptance.list_pending(Narrowed(), now)
    names = [row.learner.first_name for row in found.rows]
    assert names == ["Eva", "Dan", "Cia", "Bo", "Anna"]
    assert {row.badge.name for row in found.rows} == {"Knots"}
    behind = Place(after=town["Cia"].issued_badge_id)
    later = acceptance.list_pending(Narrowed(), now, behind)
    assert [row.learner.first_name for row in later.rows] == ["Bo", "Anna"]
    assert later.previous is not None
    assert later.next is None
    filed = list(acceptance.every_pending(Narrowed(), now))
    assert {(row.name, row.badge) for row in filed} >= {("Eva Sailor", "Knots")}
    assert len(filed) == 5


def test_the_list_behind_a_number_has_as_many_rows(town, now):
    numbers, through = acceptance.totals(Narrowed(), now), town["Cia"].learning_object_id
    for age in Age:
        assert acceptance.list_pending(Narrowed(age=age), now).total == numbers[age.value]
    narrowed = Narrowed(learning_object_id=through)
    found = acceptance.list_pending(narrowed, now).rows
    assert [row.learner.name for row in found] == ["Cia Sailor"]
    assert acceptance.list_pending(Narrowed(badge_id=town["Ida"].badge_id), now).total == 0
    assert acceptance.list_pending(Narrowed(q="eva"), now).total == 1


def test_who_was_issued_in_silence_and_then_told_by_credly_is_told(knots, now, lena):
    award = issue(lena, knots, now, 1, silent=True, state="pending")
    replaced = {"kind": DeliveryKind.REPLACE, "state": DeliveryState.DONE, "ended_at": now}
    db.session.add(Delivery(issued_badge_id=award.issued_badge_id, **replaced))
    db.session.commit()
    assert acceptance.totals(Narrowed(), now)["told"] == 1
