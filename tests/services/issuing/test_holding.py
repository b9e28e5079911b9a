"""Held before sending: the badge stays here for a while, in which it can be cancelled."""

from datetime import timedelta

import pytest

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.models import (
    AuditEntry,
    Award,
    AwardState,
    DeliveryState,
    Enrolment,
    Held,
    TrailEntry,
)
from portal.services import liveness
from portal.services.issuing import books, bulk, connections, deliveries, holding, restoring
from portal.services.issuing.clock_jumps import bring_back
from portal.services.issuing.holding import let_go_due
from portal.services.learning import courses, undo
from portal.services.learning import holding as owners
from portal.services.privacy import opting_out
from tests.factories import make_course, make_person

HOUR = 3600


@pytest.fixture
def held(world):
    """Lena's badge, held for an hour."""
    world.course.hold_minutes = 60
    db.session.commit()
    return world.complete()


def pass_by(world, seconds):
    """Let an engine look after so many seconds."""
    found = let_go_due(world.means, world.now + timedelta(seconds=seconds))
    db.session.expire_all()
    return found


def award():
    return db.session.scalars(db.select(Award)).one()


def test_a_course_that_says_nothing_holds_nothing(world):
    assert world.complete().state is DeliveryState.WAITING


def test_it_leaves_by_itself_when_its_time_is_over_and_not_before(world, held):
    assert held.held_because is Held.UNDO_WINDOW
    assert held.held_until == world.now + timedelta(hours=1)
    assert not pass_by(world, HOUR - 1)
    assert world.work(after=HOUR - 1) == []
    assert pass_by(world, HOUR)
    assert world.work(after=HOUR) == [DeliveryState.DONE]
    assert len(world.posts()) == 1
    assert not pass_by(world, 2 * HOUR)


def test_what_is_held_keeps_its_time_when_the_course_changes(world, held):
    course = world.course
    words = {"title": course.title, "description": "", "content": "", "external_url": ""}
    courses.edit(course=course, **words, hold_minutes=0)
    assert not pass_by(world, HOUR - 1)
    assert world.complete(learner=make_person("Siv Second")).state is DeliveryState.WAITING


def test_ada_sends_it_before_its_time_and_twenty_presses_are_as_one(world, held, ada):
    for _press in range(20):
        holding.send_now(actor=ada, delivery=held, now=world.now)
    assert world.work() == [DeliveryState.DONE]
    assert len(world.posts()) == 1
    actions = db.session.scalars(db.select(AuditEntry.action)).all()
    assert actions.count("delivery.send_now") == 1
    told = [(one.message or {}).get("code") for one in db.session.scalars(db.select(TrailEntry))]
    assert told.count("send_now_asked") == 1
    with pytest.raises(RuleBroken, match="retry_not_open"):
        holding.send_now(actor=ada, delivery=held, now=world.now)


def test_ada_cancels_it_and_nothing_reaches_credly(world, held, ada):
    deliveries.cancel(actor=ada, delivery=held, now=world.now)
    assert award().state is AwardState.CANCELLED
    assert not pass_by(world, HOUR)
    assert world.work(after=HOUR) == []
    assert world.posts() == []


def test_retry_of_one_or_of_many_keeps_the_time(world, held, ada):
    deliveries.retry(actor=ada, delivery=held, now=world.now)
    bulk.retry_all(actor=ada, q="", state="", typed="1", now=world.now)
    db.session.refresh(held)
    assert held.held_because is Held.UNDO_WINDOW
    assert world.work() == []


def test_retry_keeps_the_time_where_the_template_is_not_active_either(world, ada):
    world.course.hold_minutes, world.badge.template.state = 60, "archived"
    db.session.commit()
    held = world.complete()
    assert held.held_because is Held.TEMPLATE_NOT_ACTIVE
    deliveries.retry(actor=ada, delivery=held, now=world.now)
    assert (held.state, held.held_because) == (DeliveryState.HELD, Held.UNDO_WINDOW)
    assert world.work() == []


def test_a_pause_in_between_takes_nothing_of_the_time_and_adds_nothing(world, held):
    connections.pause(connection=world.connection, now=world.now)
    theirs = world.complete(learner=make_person("Siv Second"))
    assert theirs.held_because is Held.CONNECTION_PAUSED
    connections.resume(connection=world.connection, means=world.means, now=world.now)
    db.session.expire_all()
    assert [held.held_because, theirs.held_because] == [Held.UNDO_WINDOW] * 2
    assert world.work(after=HOUR - 1) == []
    assert pass_by(world, HOUR)
    assert world.work(after=HOUR) == [DeliveryState.DONE] * 2


def test_who_opts_out_meanwhile_is_heeded_when_the_time_is_over(world, held):
    opting_out.opt_out(person=world.lena, now=world.now)
    assert pass_by(world, HOUR)
    assert world.work(after=HOUR) == [DeliveryState.HELD]
    assert held.held_because is Held.OPTED_OUT
    assert world.posts() == []


def test_after_a_restore_it_is_held_again_and_then_looked_up(world, held):
    restoring.settle(world.now)
    connections.resume(connection=world.connection, means=world.means, now=world.now)
    db.session.expire_all()
    assert held.held_because is Held.UNDO_WINDOW
    assert pass_by(world, HOUR)
    assert held.state is DeliveryState.UNSURE
    assert world.work(after=HOUR) == [DeliveryState.DONE]
    assert len(world.posts()) == 1


def test_the_light_and_the_books_take_it_for_what_it_is(world, held):
    liveness.leave_sign(world.means.meter, world.now + timedelta(minutes=59))
    assert all(liveness.parts(world.now + timedelta(minutes=59)).values())
    found = books.balance(world.means)
    assert found.agrees
    assert found.held == 1


def test_undoing_the_completion_cancels_it(world, held, otto):
    enrolment = db.session.scalars(db.select(Enrolment)).one()
    undo.undo(actor=otto, enrolment=enrolment, reason="The wrong Lena", now=world.now)
    db.session.refresh(held)
    assert held.state is DeliveryState.CANCELLED
    assert not pass_by(world, HOUR)


def test_otto_cancels_the_award_and_the_completion_stays(world, held, otto):
    mine = owners.get_award(otto, world.course.id, award().id)
    owners.cancel(actor=otto, award=mine, now=world.now)
    db.session.refresh(held)
    assert held.state is DeliveryState.CANCELLED
    assert award().state is AwardState.CANCELLED
    assert db.session.scalars(db.select(Enrolment)).one().success
    with pytest.raises(RuleBroken, match="not_held_any_more"):
        owners.cancel(actor=otto, award=mine, now=world.now)


def test_a_badge_earned_twice_stays_for_the_other_source(world, held, otto):
    other = make_course(otto, "Ropes", badge=world.badge)
    world.complete(course=other)
    mine = db.session.scalars(db.select(Award).filter_by(learning_object_id=world.course.id)).one()
    owners.cancel(actor=otto, award=mine, now=world.now)
    assert pass_by(world, HOUR)
    assert world.work(after=HOUR) == [DeliveryState.DONE]


def test_what_has_left_is_not_ottos_to_cancel(world, held, otto):
    mine = award()
    pass_by(world, HOUR)
    world.work(after=HOUR)
    for work in (owners.cancel, owners.send_now):
        with pytest.raises(RuleBroken, match="not_held_any_more"):
            work(actor=otto, award=mine, now=world.now)
    assert award().state is AwardState.EARNED


def test_another_authors_award_does_not_exist(world, held, otto):
    stranger = make_person("Another Author", roles={"author"})
    with pytest.raises(NotFound):
        owners.get_award(stranger, world.course.id, award().id)
    with pytest.raises(NotFound):
        owners.get_award(otto, make_course(otto, "Ropes").id, award().id)


def test_a_clock_that_was_ahead_lets_nothing_be_held_for_its_days(world, held):
    held.created_at += timedelta(days=8)
    held.held_until += timedelta(days=8)
    db.session.commit()
    for _engine in range(2):
        bring_back(timedelta(days=8), world.means.rules, world.now)
    db.session.refresh(held)
    assert held.held_until == world.now + timedelta(hours=1)
