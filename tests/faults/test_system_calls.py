"""The disk says no, or the power goes, at the very call that makes a commit durable.

In a SQLite file: PostgreSQL does its writing in processes that are not ours.
"""

import time

from tests.demo.processes import wait_until
from tests.faults.test_database import complete_and_deliver, complete_in_trouble
from tests.faults.test_kills import DIES, is_whole
from tests.faults.tracing import injected, needs_tracing
from tests.faults.visitor import Visitor

pytestmark = needs_tracing
# A thread that delivers needs two for each badge: the mark before the call, and the outcome.
SYNCS = 8


def test_a_worker_dies_at_every_sync_of_its_commits(file_stage):
    place = file_stage.place()
    for number in range(1, SYNCS + 1):
        worker = file_stage.worker(WORKER_SLOTS="1")
        with injected(worker.pid, f"signal=KILL:when={number}"):
            place.complete(SYNCS // 2 + 1)
            assert worker.ended() == DIES
        assert is_whole(file_stage), f"after sync {number}"
    file_stage.worker()
    balance = place.drained()
    assert balance.is_clean, balance
    assert len(place.badges()) == len(place.promised)
    assert place.own_books() == {}


def test_a_sync_that_fails_while_a_learner_completes_is_said_plainly(file_stage):
    place = file_stage.place()
    web = file_stage.web()
    lena = Visitor(place)
    lena.look()
    with injected(web.pid, "error=EIO"):
        complete_in_trouble(file_stage, lena)
    assert is_whole(file_stage)
    complete_and_deliver(file_stage, lena)


def test_a_sync_that_fails_when_credly_has_answered_issues_nothing_twice(file_stage):
    place = file_stage.place()
    # Fifteen seconds for the tracer to take hold, and two more for what becomes of the answer.
    roomy = {"DELIVERY_LEASE": "16", "DELIVERY_QUIET": "17", "CREDLY_DEADLINE": "30"}
    worker = file_stage.worker(**roomy)
    place.plan({"when": "after", "delay": 15})
    place.complete()
    wait_until(lambda: place.posts())
    with injected(worker.pid, "error=EIO"):
        time.sleep(17)  # the answer comes, and cannot be written down
        assert "done" not in place.states()
    assert is_whole(file_stage)
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance
