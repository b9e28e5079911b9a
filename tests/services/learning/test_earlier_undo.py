"""Award earlier completions: paused, gone on with, and taken back."""

from datetime import timedelta

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import (
    AuditEntry,
    Award,
    AwardState,
    Delivery,
    DeliveryState,
    EarlierOutcome,
    EarlierState,
    IssuedBadge,
)
from portal.services.learning import earlier, earlier_undo
from portal.services.learning.earlier_running import Pace, work_on
from tests.factories import make_badge
from tests.services.learning.earlier_desk import Desk

ONE_BY_ONE = Pace(people=1, seconds=-1.0)
WAITING, HAD_IT, BLOCKED = EarlierOutcome.WAITING, EarlierOutcome.HAD_IT, EarlierOutcome.BLOCKED


@pytest.fixture
def desk(world):
    return Desk(world)


def test_who_and_why_are_written_down(desk):
    desk.completed()
    run = desk.run()
    earlier_undo.undo(actor=desk.otto, run=run, reason="Too early", now=desk.now)
    about = db.select(AuditEntry).filter_by(subject="earlier_run")
    entries = db.session.scalars(about.order_by(AuditEntry.id)).all()
    told = [(one.action, one.actor_id, one.reason, one.subject_id) for one in entries]
    assert told == [
        ("earlier.start", desk.otto.id, "They were there first", run.id),
        ("earlier.undo", desk.otto.id, "Too early", run.id),
    ]


def test_a_paused_run_awards_nothing_until_it_is_resumed(desk):
    for number in range(3):
        desk.completed(f"Eva{number} Earlier")
    run = desk.start()
    assert work_on(desk.world.means, desk.now, ONE_BY_ONE)
    earlier.pause(actor=desk.otto, run=run, now=desk.now)
    assert not work_on(desk.world.means, desk.now + timedelta(hours=1), Pace())
    assert earlier.counts_of(run)[EarlierOutcome.AWARDED] == 1
    earlier.resume(actor=desk.otto, run=run, now=desk.now)
    while work_on(desk.world.means, desk.now + timedelta(hours=1), ONE_BY_ONE):
        pass
    assert earlier.counts_of(run)[EarlierOutcome.AWARDED] == 3
    with pytest.raises(RuleBroken, match="earlier_not_running"):
        earlier.pause(actor=desk.otto, run=run, now=desk.now)


def test_what_has_not_left_is_taken_back(desk):
    first, second = desk.completed("Eva Earlier"), desk.completed("Frida Earlier")
    third = desk.completed("Hans History")
    history = desk.given(third, not_sent_because="history")
    run = desk.run()
    deliveries = {
        one.issued_badge.learner_id: one for one in db.session.scalars(db.select(Delivery))
    }
    deliveries[first.id].due -= timedelta(minutes=1)
    db.session.commit()
    desk.world.carry(desk.world.claims(limit=1)[0])
    would = earlier_undo.prospect(run)
    done = earlier_undo.undo(actor=desk.otto, run=run, reason="Too early", now=desk.now)
    assert would == done
    assert (done.cancelled, done.not_awarded, done.left) == (2, 0, 1)
    assert run.state is EarlierState.UNDONE
    assert desk.outcomes(run) == {
        "Eva": EarlierOutcome.AWARDED,
        "Frida": EarlierOutcome.UNDONE,
        "Hans": EarlierOutcome.UNDONE,
    }
    states = {one.learner_id: one.state for one in db.session.scalars(db.select(Award))}
    assert states[first.id] is AwardState.EARNED
    assert states[second.id] is AwardState.CANCELLED
    assert (history.state, history.not_sent_because) == (AwardState.EARNED, "history")
    desk.world.work(3600)
    assert len(desk.world.live()) == 1
    with pytest.raises(RuleBroken, match="earlier_over"):
        earlier_undo.undo(actor=desk.otto, run=run, reason="Again", now=desk.now)


def test_what_was_taken_back_can_be_awarded_again(desk):
    desk.completed("Eva Earlier")
    desk.given(desk.completed("Hans History"), not_sent_because="history")
    run = desk.run()
    earlier_undo.undo(actor=desk.otto, run=run, reason="Too early", now=desk.now)
    later = desk.now + timedelta(hours=1)
    desk.now = desk.world.now = later
    desk.run()
    desk.world.work(3600)
    assert len(desk.world.live()) == 2
    assert {one.state for one in db.session.scalars(db.select(Award))} == {AwardState.EARNED}


def test_taking_back_spares_a_badge_that_somebody_earned_besides(desk):
    eva = desk.completed()
    run = desk.run()
    desk.world.complete(eva)  # the world's own course gives the same badge
    earlier_undo.undo(actor=desk.otto, run=run, reason="Too early", now=desk.now)
    assert db.session.scalars(db.select(Delivery.state)).all() == [DeliveryState.WAITING]
    desk.world.work()
    assert len(desk.world.live()) == 1


def test_a_badge_of_the_portal_alone_is_awarded_and_taken_back(desk):
    desk.completed()
    desk.course.badge = make_badge("Volunteer")
    db.session.commit()
    run = desk.run()
    assert db.session.scalars(db.select(IssuedBadge)).all() == []
    done = earlier_undo.undo(actor=desk.otto, run=run, reason="Too early", now=desk.now)
    assert done.cancelled == 1
    assert db.session.scalars(db.select(Award)).one().state is AwardState.CANCELLED


def test_a_worker_that_lost_its_run_writes_nothing(desk):
    for number in range(2):
        desk.completed(f"Eva{number} Earlier")
    run = desk.start()
    run.owner, run.due = "somebody who died", desk.now + timedelta(seconds=60)
    db.session.commit()
    assert not work_on(desk.world.means, desk.now, Pace())
    assert work_on(desk.world.means, desk.now + timedelta(seconds=61), Pace())
    assert earlier.counts_of(run)[EarlierOutcome.AWARDED] == 2
    assert db.session.scalar(db.select(db.func.count()).select_from(Award)) == 2
