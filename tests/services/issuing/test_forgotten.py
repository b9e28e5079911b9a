"""Badges whose template comes to Credly only later: what was earned meanwhile is handed in."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Award, AwardState, Delivery, DeliveryState, Held, IssuedBadge, Person
from portal.services.issuing import awarding, cancelling
from portal.services.issuing.clock_jumps import bring_back
from portal.services.issuing.holding import let_go_due
from portal.services.issuing.sweeping import hand_in_forgotten
from portal.services.learning import completions
from portal.services.locks import lock
from tests.catalogues import give, make_skill
from tests.factories import make_course
from tests.rivals import Rival

HOUR = timedelta(hours=1)


@pytest.fixture
def later(world):
    """A badge of the portal alone; calling it lets its template come to Credly."""
    template_id, world.badge.external_badge_id = world.badge.external_badge_id, None
    db.session.commit()

    def come():
        world.badge.external_badge_id = template_id
        db.session.commit()

    return come


def hold(course):
    course.hold_minutes = 60
    db.session.commit()


def complete(world, course=None):
    course = course or world.course
    completions.enrol(learner=world.lena, learning_object=course, now=world.now)
    completions.complete(learner=world.lena, course_id=course.id, now=world.now)


def held_until():
    db.session.expire_all()
    (delivery,) = db.session.scalars(db.select(Delivery))
    assert delivery.state is (DeliveryState.HELD if delivery.held_until else DeliveryState.WAITING)
    return delivery.held_until


def test_a_second_source_in_the_same_moment_shares_the_badge(app, world, later):
    complete(world)
    later()
    other_id, now, lena_id = make_course(world.otto, "Ropes").id, world.now, world.lena.id
    badge = world.badge
    lock(world.lena)
    earned = {"earned_at": now, "now": now, "learning_object_id": other_id}
    awarding.award(learner=world.lena, badge=badge, **earned)
    rival = Rival(app, lambda: hand_in_forgotten(now))
    rival.begin()
    db.session.commit()
    assert rival.end() == 1
    awards = db.session.scalars(db.select(Award).filter_by(learner_id=lena_id)).all()
    assert {one.issued_badge_id for one in awards} == set(
        db.session.scalars(db.select(IssuedBadge.id))
    )
    assert len(awards) == 2
    assert world.work() == [DeliveryState.DONE]


def test_what_is_cancelled_in_the_same_moment_is_not_handed_in(app, world, later):
    complete(world)
    later()
    now = world.now
    lock(db.session.get_one(Person, world.lena.id))
    awards = db.session.scalars(db.select(Award)).all()
    cancelling.take_back(actor=world.otto, awards=awards, now=now)
    rival = Rival(app, lambda: hand_in_forgotten(now))
    rival.begin()
    db.session.commit()
    assert rival.end() == 0
    assert db.session.scalars(db.select(Award.state)).all() == [AwardState.CANCELLED]
    assert db.session.scalars(db.select(Delivery)).all() == []


def test_what_is_left_of_its_hold_is_kept(world, later):
    hold(world.course)
    complete(world)
    later()
    assert hand_in_forgotten(world.now + HOUR / 2) == 1
    assert held_until() == world.now + HOUR
    assert not let_go_due(world.means, world.now + HOUR / 2)
    assert world.work(after=1800) == []
    assert let_go_due(world.means, world.now + HOUR)
    assert world.work(after=3600) == [DeliveryState.DONE]


def test_a_hold_that_is_over_by_then_holds_nothing(world, later):
    hold(world.course)
    complete(world)
    later()
    assert hand_in_forgotten(world.now + HOUR) == 1
    assert held_until() is None
    assert world.work(after=3600) == [DeliveryState.DONE]


def test_the_hold_is_that_of_when_it_was_earned(world, later):
    complete(world)
    hold(world.course)
    later()
    assert hand_in_forgotten(world.now) == 1
    assert held_until() is None


def test_a_second_source_without_a_hold_does_not_shorten_it(world, later):
    hold(world.course)
    complete(world)
    later()
    complete(world, make_course(world.otto, "Ropes", badge=world.badge))
    assert held_until() == world.now + HOUR
    assert hand_in_forgotten(world.now) == 1
    assert held_until() == world.now + HOUR


def test_a_cancelled_award_holds_nothing_any_more(world, later):
    hold(world.course)
    complete(world)
    awards = db.session.scalars(db.select(Award)).all()
    cancelling.take_back(actor=world.otto, awards=awards, now=world.now)
    db.session.commit()
    later()
    complete(world, make_course(world.otto, "Ropes", badge=world.badge))
    assert held_until() is None


@pytest.mark.parametrize("first", ["the held course", "the skill level"])
def test_of_a_held_course_and_a_skill_level_the_first_decides(world, first):
    able = make_course(world.otto, "Ropes")
    give(able, make_skill((1, world.badge)).levels[0], 1)
    hold(world.course)
    course_first = first == "the held course"
    for course in (world.course, able) if course_first else (able, world.course):
        complete(world, course)
    assert held_until() == (world.now + HOUR if course_first else None)


def test_a_course_that_reaches_the_level_itself_holds_its_badge(world):
    give(world.course, make_skill((1, world.badge)).levels[0], 1)
    hold(world.course)
    complete(world)
    assert held_until() == world.now + HOUR
    assert len(db.session.scalars(db.select(Award)).all()) == 2
    (delivery,) = db.session.scalars(db.select(Delivery))
    assert delivery.held_because is Held.UNDO_WINDOW


def test_a_clock_that_was_years_ahead_holds_for_a_week_at_most(world, later):
    hold(world.course)
    complete(world)
    award = db.session.scalars(db.select(Award)).one()
    award.held_until += timedelta(days=800)
    db.session.commit()
    for _engine in range(2):
        bring_back(timedelta(days=800), world.means.rules, world.now)
    later()
    hand_in_forgotten(world.now)
    assert held_until() == world.now + timedelta(days=7)
