"""The machine's clock is set back: what waits for an hour that was undone goes on."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.extensions import db
from portal.jobs.clock_watch import ClockWatch
from portal.models import Delivery
from portal.services.issuing.calling import take_slot
from portal.services.issuing.clock_jumps import bring_back

HOUR = timedelta(hours=1)


@pytest.fixture
def put_off(world):
    """Complete and fail an hour ahead of the right time; return when it is tried again."""

    def fail():
        world.credly.plan(status=503)
        world.complete()
        world.now += HOUR
        world.work()
        world.now -= HOUR
        return due

    def due():
        return db.session.get(
            Delivery, world.delivery_of(world.lena).id, populate_existing=True
        ).due

    return fail


def test_a_worker_that_starts_when_the_clock_is_right_again(world, put_off):
    due = put_off()
    assert due() > world.now + HOUR
    ClockWatch().look(world.means, world.now)
    assert due() < world.now + HOUR / 2


def test_an_outcome_that_was_written_by_the_old_clock_behind_the_jump(world, put_off):
    means = replace(world.means, rules=replace(world.means.rules, lease=0.0))
    watch = ClockWatch()
    watch.look(means, world.now + HOUR)
    watch.look(means, world.now)
    due = put_off()
    watch.look(means, world.now)
    assert due() < world.now + HOUR / 2


def test_a_clock_that_is_right_shortens_no_wait(world, put_off):
    due = put_off()
    before, watch = due(), ClockWatch()
    for _look in range(3):
        watch.look(world.means, world.now + HOUR)
    assert due() == before


def test_a_call_that_failed_across_the_jump_closes_a_connection_for_its_own_wait_alone(world):
    world.connection.failing_since = world.now
    world.connection.closed_until = world.now + timedelta(days=8, seconds=10)
    db.session.commit()
    for _each_engine in range(2):
        bring_back(timedelta(days=8), world.means.rules, world.now)
    db.session.refresh(world.connection)
    assert world.connection.closed_until == world.now + timedelta(seconds=10)


def test_a_call_booked_by_a_clock_that_was_ahead_is_seen_by_whoever_looks_next(world):
    take_slot(world.connection.id, 10, (world.now + timedelta(days=8)).timestamp())
    db.session.commit()
    db.session.refresh(world.connection)
    assert not ClockWatch().look(world.means, world.now)
    assert world.connection.next_call == 0.0


def test_a_lost_answer_about_a_webhook_is_looked_up_though_the_clock_was_set_back(world):
    world.connection.webhook_look_at = world.now + timedelta(days=8)
    db.session.commit()
    bring_back(timedelta(days=8), world.means.rules, world.now)
    db.session.refresh(world.connection)
    assert world.connection.webhook_look_at == world.now + HOUR
