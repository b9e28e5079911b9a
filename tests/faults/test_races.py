"""Many at once: workers, learners, impatient administrators."""

import threading
import time
from collections import Counter
from contextlib import ExitStack

import pytest

from portal.extensions import db
from portal.models import Award, Delivery, Enrolment
from tests.demo.processes import Process, wait_until
from tests.faults.visitor import Visitor

SLOTS = 8
SLOW = {"DELIVERY_LEASE": "30", "DELIVERY_QUIET": "40", "CREDLY_DEADLINE": "20"}


def all_at_once(works) -> None:
    """Begin all of these at the same moment and wait for their ends."""
    gate = threading.Barrier(len(works))

    def work(one) -> None:
        gate.wait()
        one()

    threads = [threading.Thread(target=work, args=(one,)) for one in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_thousand_awards_and_up_to_eight_workers_are_a_thousand_posts(stage):
    place = stage.place()
    patient = {"DELIVERY_LEASE": "60", "DELIVERY_QUIET": "80", "CREDLY_DEADLINE": "20"}
    place.complete(1000)
    stage.workers(2, WORKER_SLOTS="2", **patient)
    wait_until(lambda: len(place.posts()) > 100)
    stage.workers(6, WORKER_SLOTS="2", **patient)
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1000), balance
    assert place.own_books() == {}


def test_fifty_completions_of_one_learner_at_once_are_one(stage):
    place = stage.place()
    stage.web()
    learner = place.new_learner()
    windows = [Visitor(place, learner) for _number in range(50)]
    windows[0].look()
    for window in windows:
        window.token, window.http.headers = windows[0].token, windows[0].http.headers
    told = []
    all_at_once([lambda window=window: told.append(window.complete()) for window in windows])
    assert set(told) == {302}
    with stage.inside():
        for table in (Enrolment, Award, Delivery):
            assert db.session.scalar(db.select(db.func.count(table.id))) == 1
    stage.worker()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


def test_retry_pressed_twenty_times_while_it_is_being_sent_sends_once(stage):
    place = stage.place()
    place.plan({"when": "after", "delay": 2})
    place.complete()
    stage.worker(**SLOW)
    wait_until(lambda: place.posts())
    all_at_once([place.retry] * 20)
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


def test_cancelled_while_it_is_being_sent_it_is_shown_as_issued(stage):
    place = stage.place()
    place.plan({"when": "after", "delay": 2})
    place.complete()
    stage.worker(**SLOW)
    wait_until(lambda: place.posts())
    place.cancel()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance
    assert place.states() == {"done": 1}


def test_cancelled_while_its_answer_gets_lost_nothing_more_is_sent(stage):
    place = stage.place()
    place.plan({"drop": "hang", "seconds": 3})
    place.complete()
    stage.worker(CREDLY_DEADLINE="5")
    wait_until(lambda: place.posts())
    place.cancel()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance
    assert place.states() == {"cancelled": 1}


def test_eight_workers_may_start_at_once_on_a_database_that_is_not_there_yet(
    tmp_path, practice, blank
):
    with blank.nothing_yet(tmp_path / "instance") as settings, ExitStack() as running:
        started = [
            running.enter_context(
                Process(tmp_path / "instance", "-m", "flask", "--app", "app", "worker", **settings)
            )
            for _number in range(8)
        ]
        for one in started:
            one.wait_for("running")
        assert [one.end() for one in started] == [0] * 8


@pytest.mark.parametrize("crowd", [80, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_crowd_after_a_long_outage_is_let_through_at_the_set_rate_oldest_first(stage, crowd):
    rate = 10
    place = stage.place()
    place.plan({"status": 503, "times": 0})
    ill = stage.ailing_worker({"clock": 0}, CREDLY_RATE=str(rate), WORKER_SLOTS=str(SLOTS))
    place.complete(crowd)
    ill.now(clock=24 * 3600.0)
    tried = len(place.posts())
    wait_until(lambda: len(place.posts()) > tried)
    # Nothing may be under way when a day passes: what is booked by the old clock is no herd.
    assert ill.process.end() == 0
    stage.practice.behave()
    before = len(place.calls())
    stage.ailing_worker({"clock": 48 * 3600.0}, CREDLY_RATE=str(rate), WORKER_SLOTS=str(SLOTS))
    began = time.monotonic()
    while place.states()["done"] < crowd - 50 and time.monotonic() < began + 600:
        time.sleep(1)
    balance = place.drained()
    assert balance.is_clean, balance
    calls = place.calls()[before:]
    times = sorted(one["time"] for one in calls)
    # When the machine stalls, what the slots have in hand arrives together; seconds make up for it.
    assert most_within(1, times) <= rate + SLOTS, Counter(int(at) for at in times)
    assert most_within(5, times) <= rate * 5, Counter(int(at) for at in times)
    assert not late(place, calls), "oldest first, but for those in hand together"


def most_within(seconds, times) -> int:
    """The most calls that any stretch of so many seconds saw."""
    return max(sum(1 for at in times if start <= at < start + seconds) for start in times)


def late(place, calls) -> dict[int, int]:
    """The awards whose POST did not leave at their place in the row, give or take the slots.

    The first slots are left out: the one that got through was any that was due.
    """
    order = [one["body"]["issuer_earner_id"] for one in calls if one["method"] == "POST"]
    places = {earner_id: number for number, earner_id in enumerate(place.earners())}
    moved = {places[one]: number - places[one] for number, one in enumerate(order)}
    free = {places[one] for one in order[:SLOTS]}
    return {award: by for award, by in moved.items() if abs(by) > 2 * SLOTS and award not in free}
