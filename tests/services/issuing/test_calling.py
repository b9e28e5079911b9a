"""One budget of calls for each connection: who may call when, and what becomes of the late."""

import time

from portal.extensions import db
from portal.models import DeliveryState
from portal.services.issuing.calling import BREATH, Pace, take_slot

RATE = 10


def booked_until(world) -> float:
    db.session.refresh(world.connection)
    return world.connection.next_call


def test_calls_are_spaced_so_that_no_second_sees_more_than_the_rate(world):
    now = time.time()
    waits = [take_slot(world.connection.id, RATE, now) for _call in range(3)]
    assert [round(wait, 3) for wait in waits] == [0.0, BREATH / RATE, 2 * BREATH / RATE]


def test_nobody_sleeps_until_a_moment_of_a_clock_that_was_set_back(world):
    now = time.time()
    take_slot(world.connection.id, RATE, now + 8 * 24 * 3600)
    assert take_slot(world.connection.id, RATE, now) == 0.0
    assert round(take_slot(world.connection.id, RATE, now), 3) == BREATH / RATE


def test_a_call_that_is_in_time_books_nothing_more(world):
    pace = Pace(world.connection.id, RATE)

    def books_nothing_more() -> bool:
        slot = pace.book()
        before = booked_until(world)
        pace.wait_for(slot)
        return booked_until(world) == before

    # A crowded machine may be late, and then rightly books again, but not every time.
    assert any(books_nothing_more() for _try in range(50))


def test_a_call_that_is_late_takes_a_later_slot(world):
    pace, began = Pace(world.connection.id, RATE), time.time()
    assert booked_until(world) < began
    pace.wait_for(time.monotonic() - 1)
    assert booked_until(world) > began


def test_after_an_outage_the_oldest_goes_first_though_it_was_tried_and_put_off(world):
    oldest, *_younger = world.completed_by(4)
    world.connection.proven_at = None
    db.session.commit()
    world.credly.plan(status=503)
    assert world.work() == [DeliveryState.WAITING]
    (probe,) = world.claims(after=400)
    assert probe.delivery_id != oldest.id, "it waits behind those that were never tried"
    assert world.carry(probe, after=400) is DeliveryState.DONE
    (following,) = world.claims(after=400, limit=1)
    assert following.delivery_id == oldest.id
