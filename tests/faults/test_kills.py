"""Processes that die at the worst moment: whatever they had in hand is settled by the others."""

import os
import signal
import sqlite3
import time

import pytest

from portal.extensions import db
from portal.models import Award, Enrolment, EnrolmentState
from tests.demo.processes import wait_until
from tests.faults.stage import Stage
from tests.faults.visitor import Visitor

DIES = -signal.SIGKILL
REAL = {
    "DELIVERY_LEASE": "90",
    "DELIVERY_QUIET": "120",
    "DELIVERY_WAITS": "60 300 1800 7200 18000 36000 43200",
    "CREDLY_DEADLINE": "30",
    "CREDLY_RATE": "10",
}
CLAIM, SENT, OUTCOME = "WITH picked", "sent_at=", "UPDATE issued_badge"


def completions_of(place) -> tuple[int, int]:
    """How many enrolments are completed, and how many awards there are."""
    with place.stage.inside():
        done = Enrolment.state == EnrolmentState.COMPLETED
        enrolments = db.session.scalar(db.select(db.func.count(Enrolment.id)).where(done))
        return enrolments, db.session.scalar(db.select(db.func.count(Award.id)))


def is_whole(stage: Stage) -> bool:
    """Whether SQLite finds its file undamaged."""
    if stage.database:
        return True  # PostgreSQL does not lie in a file of ours
    connection = sqlite3.connect(stage.instance / "portal.db", timeout=60)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("at", "kept"), [("statement", 0), ("before_commit", 0), ("after_commit", 1)]
)
def test_the_web_process_dies_while_a_learner_completes(stage, at, kept):
    place = stage.place()
    words = "INSERT INTO delivery"
    web = stage.ailing_web({"die": {"at": at, "words": words}})
    lena = Visitor(place)
    lena.look()
    assert lena.complete() == 0, "no success was shown"
    assert web.process.ended() == DIES
    assert completions_of(place) == (kept, kept), "both or neither"
    stage.web()
    assert lena.complete() == 302
    assert completions_of(place) == (1, 1)
    stage.worker()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance
    assert is_whole(stage)


def test_a_worker_dies_with_a_claim_that_was_never_sent(stage):
    place = stage.place()
    place.complete()
    ill = stage.ailing_worker({"die": {"at": "after_commit", "words": CLAIM}})
    assert ill.process.ended() == DIES
    assert place.posts() == []
    stage.worker()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


@pytest.mark.parametrize(("when", "posts"), [("before", 2), ("after", 1)], ids=["F04", "F05"])
def test_a_worker_dies_while_its_call_is_at_credly(stage, when, posts):
    place = stage.place()
    first = stage.worker()
    place.plan({"when": when, "kill": {"pid": first.pid, "signal": signal.SIGKILL}})
    place.complete()
    assert first.ended() == DIES
    stage.worker()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, posts), balance
    assert place.own_books() == {}


@pytest.mark.slow
def test_with_the_real_waiting_times_it_is_settled_within_two_and_a_half_minutes(
    tmp_path, practice, blank
):
    with Stage(tmp_path, practice, blank, **REAL) as stage:
        place = stage.place()
        first = stage.worker()
        place.plan({"when": "after", "kill": {"pid": first.pid, "signal": signal.SIGKILL}})
        place.complete()
        assert first.ended() == DIES
        began = time.monotonic()
        stage.worker()
        wait_until(lambda: place.states() == {"done": 1} or time.monotonic() > began + 150, None)
        balance = place.drained()
        assert time.monotonic() - began < 150
        assert (balance.is_clean, balance.posts) == (True, 1), balance


@pytest.mark.parametrize("later", [0.0, 0.0004], ids=["at", "amid"])
@pytest.mark.parametrize("words", [CLAIM, SENT, OUTCOME], ids=["claim", "mark", "outcome"])
def test_a_worker_dies_at_every_commit(stage, words, later):
    """`amid` is a moment inside the commit itself, while the file is written."""
    place = stage.place()
    place.complete(2)
    die = {"at": "before_commit", "words": words, "later": later}
    assert stage.ailing_worker({"die": die}).process.ended() == DIES
    assert is_whole(stage)
    die["at"] = "after_commit"
    assert stage.ailing_worker({"die": die}).process.ended() == DIES
    assert is_whole(stage)
    stage.worker()
    balance = place.drained()
    assert balance.is_clean, balance
    assert len(place.badges()) == 2


def test_a_worker_that_is_told_to_end_finishes_its_call(stage):
    long = {"DELIVERY_LEASE": "30", "DELIVERY_QUIET": "40", "CREDLY_DEADLINE": "20"}
    place = stage.place()
    worker = stage.worker(**long)
    place.plan({"delay": 5, "when": "after"})
    place.complete()
    wait_until(lambda: place.posts())
    began = time.monotonic()
    assert worker.end() == 0
    assert time.monotonic() - began < 30
    balance = place.balance()
    assert (balance.is_clean, place.states()) == (True, {"done": 1}), balance


def test_a_portal_that_is_told_to_end_finishes_its_call(stage):
    long = {"DELIVERY_LEASE": "30", "DELIVERY_QUIET": "40", "CREDLY_DEADLINE": "20"}
    place = stage.place()
    portal = stage.web(JOBS="embedded", **long)
    place.plan({"delay": 5, "when": "after"})
    place.complete()
    wait_until(lambda: place.posts())
    began = time.monotonic()
    assert portal.end() == 0
    assert time.monotonic() - began < 30
    balance = place.balance()
    assert (balance.is_clean, place.states()) == (True, {"done": 1}), balance


def put_to_sleep(stage, sleeper) -> None:
    """Stop a process at a moment when it does not hold SQLite's only write lock.

    One that sleeps with the lock stops every writer until it goes on: one machine, one file.
    """
    while True:
        sleeper.child.send_signal(signal.SIGSTOP)
        # All its threads have stopped: until then one of them may yet take the lock.
        os.waitid(os.P_PID, sleeper.pid, os.WSTOPPED)
        if stage.database or can_be_written(stage.instance / "portal.db"):
            return
        sleeper.child.send_signal(signal.SIGCONT)


def can_be_written(file) -> bool:
    connection = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def test_a_worker_that_slept_past_its_lease_changes_nothing(stage):
    place = stage.place()
    sleeper = stage.worker(CREDLY_DEADLINE="20")
    place.plan({"when": "after", "delay": 3})
    place.complete()
    wait_until(lambda: place.posts())
    put_to_sleep(stage, sleeper)
    stage.worker()
    place.until("done")
    before = place.reasons()
    sleeper.child.send_signal(signal.SIGCONT)
    assert sleeper.end() == 0, "it reads its answer late, and goes"
    assert place.reasons() == before, "the late one's write is refused"
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance
