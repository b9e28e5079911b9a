"""Celery says when to look. Redis may lose or double what it likes: the rows are the truth."""

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from portal.jobs import celery
from portal.jobs.celery import DELIVER, DELIVERIES, LOOKS, Hints
from tests.credly.test_certificates import HERE, LONG, make_certificate
from tests.demo.processes import wait_until
from tests.faults.databases import Blank
from tests.faults.stage import Practice, Stage
from tests.redis import NEEDS_REDIS, PROGRAM, Redis

DIES = -signal.SIGKILL
PATIENT = {"DELIVERY_LEASE": "30", "DELIVERY_QUIET": "40", "CREDLY_DEADLINE": "20"}
pytestmark = pytest.mark.skipif(not PROGRAM, reason=NEEDS_REDIS)


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis that no other test uses, so that it may die."""
    own = Redis()
    yield own
    own.close()


@pytest.fixture
def stage(tmp_path: Path, practice: Practice, blank: Blank, redis: Redis) -> Iterator[Stage]:
    """A portal whose work is done by Celery."""
    words = {"JOBS": "celery", "REDIS_URL": redis.new_database()}
    with Stage(tmp_path, practice, blank, **words) as made:
        yield made


def test_the_same_message_a_hundred_times_is_one_post(stage):
    stage.beats_itself = False  # the messages alone do it
    place = stage.place()
    place.plan({"when": "after", "delay": 2})
    place.complete()
    hints = Hints(stage.app)
    for _number in range(100):
        hints.celery.send_task(DELIVER, (place.the_delivery().id,), queue=DELIVERIES)
    stage.workers(2, **PATIENT)
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


def test_a_worker_dies_with_the_messages_that_it_holds(stage):
    place = stage.place()
    first = stage.worker()
    place.plan({"kill": {"pid": first.pid, "signal": signal.SIGKILL}})
    place.complete(20)
    assert first.ended() == DIES
    stage.worker()
    balance = place.drained()
    assert (balance.is_clean, len(place.badges())) == (True, 20), balance
    assert place.own_books() == {}


def test_redis_dies_and_comes_back_empty_while_badges_are_on_their_way(stage, redis):
    place = stage.place()
    place.plan({"when": "after", "delay": 0.2, "times": 0})
    place.complete(20)
    workers = stage.workers(2, **PATIENT)
    wait_until(lambda: place.posts())
    redis.kill()
    place.complete(5)
    redis.start()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 25), balance
    assert [one.child.poll() for one in workers] == [None, None], "they went on by themselves"
    assert place.own_books() == {}


def test_a_worker_is_told_to_end_while_redis_is_away(stage, redis):
    place = stage.place()
    place.plan({"when": "after", "delay": 3})
    place.complete()
    worker = stage.worker(**PATIENT)
    wait_until(lambda: place.posts())
    redis.kill()
    assert worker.end() == 0
    balance = place.balance()
    assert (balance.is_clean, place.states()) == (True, {"done": 1}), balance


def test_beat_dies_and_another_goes_on(stage):
    stage.beats_itself = False
    place, first = stage.place(), stage.beat()
    stage.worker(**PATIENT)
    place.complete()
    place.until("done")
    assert first.end(signal.SIGKILL) == DIES
    place.complete(3)
    stage.beat()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 4), balance


def test_two_beats_and_three_workers_send_every_badge_once(stage):
    place = stage.place()
    place.complete(60)
    stage.beat()
    second = stage.beat()
    stage.workers(3, **PATIENT)
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 60), balance
    assert second.end() == 0
    assert place.own_books() == {}


def test_a_redis_that_cannot_prove_its_name_is_told_nothing(tmp_path, practice, blank):
    file = make_certificate(tmp_path, names=HERE, ends=LONG)
    with closing(Redis(file)) as redis:
        words = {"JOBS": "celery", "REDIS_URL": redis.new_database()}
        with Stage(tmp_path, practice, blank, **words) as stage:
            place, beat = stage.place(), stage.beat()
            place.complete()
            wait_until(lambda: any("takes no message" in line for line in [*beat.err]), beat)
            trust = {"SSL_CERT_FILE": str(file)}
            stage.beat(**trust)
            stage.worker(**trust, **PATIENT)
            balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


def test_redis_does_not_fill_up_while_no_worker_lives(stage, redis):
    hints = Hints(stage.app)
    for _second in range(celery.LONG):
        hints.send_looks()
    number = stage.settings["REDIS_URL"].rsplit("/", 1)[1]
    waiting = int(redis.say("LLEN", LOOKS, database=number))
    assert celery.LONG <= waiting < celery.LONG + 2 * len(hints.work.lines)
