"""Whether /health is green while a connection does not let the queue go."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Delivery, DeliveryState
from portal.services import liveness
from portal.services.issuing import connections
from portal.services.issuing.recovering import let_failing_try

MINUTE = 60


@pytest.fixture
def is_well(world):
    """Whether all is well some seconds from now, while an engine is at work."""

    def ask(after):
        moment = world.now + timedelta(seconds=after)
        liveness.leave_sign(world.means.meter, moment)
        return all(liveness.parts(moment).values())

    return ask


def fail(world, until, **answer):
    """Credly gives this answer to every call until then."""
    world.credly.plan(times=0, **answer)
    for after in range(0, until, 5 * MINUTE):
        world.work(after=after)
    db.session.expire_all()


def test_a_connection_that_fails_for_long_turns_the_light_red_until_it_answers(world, is_well):
    world.completed_by(2)
    fail(world, 45 * MINUTE, status=500)
    assert is_well(20 * MINUTE)
    assert not is_well(41 * MINUTE)
    world.credly.control("DELETE", "plan")
    world.work(after=300 * MINUTE)
    world.work(after=310 * MINUTE)
    assert is_well(310 * MINUTE)


def test_a_connection_that_waits_as_credly_asked_stays_green(world, is_well):
    world.complete()
    world.credly.plan(status=503, headers={"Retry-After": "3600"})
    world.work()
    assert is_well(50 * MINUTE)


def test_a_paused_connection_stays_green(world, is_well):
    world.complete()
    fail(world, 1, status=500)
    connections.pause(connection=world.connection, now=world.now)
    assert is_well(50 * MINUTE)


def test_a_connection_that_failed_and_has_nothing_to_carry_stays_green(world, is_well):
    world.connection.failing_since = world.now
    db.session.commit()
    assert is_well(50 * MINUTE)


def test_the_end_of_a_long_trouble_is_noticed_before_the_next_try(world, is_well):
    older, _younger = world.completed_by(2)
    fail(world, 10 * MINUTE, status=500, match={})
    six_hours = timedelta(hours=6)
    put_off = {"due": world.now + six_hours, "waited": six_hours.total_seconds()}
    db.session.execute(db.update(Delivery).values(**put_off))
    db.session.commit()
    moment = world.now + timedelta(minutes=50)
    assert not let_failing_try(world.means, moment), "Credly still fails"
    world.credly.control("DELETE", "plan")
    moment += timedelta(minutes=5)
    assert let_failing_try(world.means, moment)
    assert not let_failing_try(world.means, moment), "something is due"
    db.session.expire_all()
    assert older.waited == 55 * MINUTE, "what it waited, and no more"
    states = world.work(after=56 * MINUTE) + world.work(after=60 * MINUTE)
    assert states == [DeliveryState.DONE] * 2
    assert is_well(60 * MINUTE)
