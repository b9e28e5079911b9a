"""Processes that die at the worst moment: whatever they had in hand is settled by the others."""

import signal

import pytest

from tests.demo.processes import wait_until


@pytest.mark.parametrize(("when", "posts"), [("before", 2), ("after", 1)], ids=["F04", "F05"])
def test_a_worker_dies_while_its_call_is_at_credly(stage, when, posts):
    place = stage.place()
    first = stage.worker()
    place.plan({"when": when, "kill": {"pid": first.pid, "signal": signal.SIGKILL}})
    place.complete()
    assert first.ended() == -signal.SIGKILL
    stage.worker()
    balance = place.drained()
    assert balance.is_clean, balance
    assert balance.posts == posts
    assert place.own_books() == {}
