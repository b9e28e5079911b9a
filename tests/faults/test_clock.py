"""The machine's clock is wrong, or jumps. Here it is only wrong for the process that is tried."""

import pytest

from tests.demo.processes import wait_until

DAY = 24 * 3600.0
SLOW = {"DELIVERY_LEASE": "30", "DELIVERY_QUIET": "40", "CREDLY_DEADLINE": "20"}


@pytest.mark.parametrize("wrong", [8 * DAY, -3600.0], ids=["8 days ahead", "an hour behind"])
def test_a_worker_with_a_wrong_clock_takes_nothing_twice(stage, wrong):
    place = stage.place()
    place.plan({"delay": 3, "when": "after"})
    place.complete()
    stage.worker(**SLOW)
    wait_until(lambda: place.posts())
    stage.ailing_worker({"clock": wrong}, **SLOW)
    balance = place.drained()
    assert balance.is_clean, balance
    assert (balance.posts, len(place.badges())) == (1, 1)


@pytest.mark.parametrize("wrong", [8 * DAY, 3600.0], ids=["8 days", "an hour"])
@pytest.mark.parametrize("fault", [None, {"drop": "reset", "when": "after"}, {"status": 503}])
def test_a_clock_that_is_set_back_leaves_nothing_stuck(stage, wrong, fault):
    place = stage.place()
    ill = stage.ailing_worker({"clock": wrong}, CREDLY_RATE="10")
    if fault:
        place.plan(fault)
    place.complete(2)
    if fault:
        wait_until(lambda: place.posts())
    else:
        assert place.drained().is_clean
    ill.now(clock=0.0)
    place.complete(2)
    balance = place.drained()
    assert balance.is_clean, balance
    assert place.states() == {"done": 4}
    assert len(place.badges()) == 4


def test_a_clock_that_jumps_ahead_lets_everything_go_on(stage):
    place = stage.place()
    ill = stage.ailing_worker({"clock": 0.0}, CREDLY_RATE="10", **SLOW)
    place.plan({"status": 429, "headers": {"Retry-After": "3000"}})
    place.complete(2)
    place.until_trail("credly_busy")
    ill.now(clock=8 * DAY)
    balance = place.drained()
    assert balance.is_clean, balance
    assert place.states() == {"done": 2}
