"""A worker shot while it awards earlier completions: the next one goes on, and nobody has two."""

import signal
from pathlib import Path

import pytest

from portal.extensions import db, set_reading
from portal.models import (
    Award,
    Delivery,
    EarlierOutcome,
    EarlierRun,
    EarlierState,
    Enrolment,
    EnrolmentState,
    Person,
)
from portal.services.issuing import connections
from portal.services.learning import earlier
from tests.demo.processes import Process, wait_until
from tests.services.learning.earlier_desk import LONG_AGO, Desk

PEOPLE = 600
LEASE = {"DELIVERY_LEASE": "3"}


@pytest.fixture
def settings() -> dict[str, str]:
    return LEASE


def crowd(desk: Desk) -> None:
    """Let many have completed the course long ago. Nothing is sent: nothing else is to be busy."""
    at, course_id = desk.now - LONG_AGO, desk.course.id
    connections.pause(connection=desk.world.connection, now=desk.now)
    people = [
        Person(email=f"eva{number}@example.org", first_name="Eva", last_name=f"Number{number}x")
        for number in range(PEOPLE)
    ]
    db.session.add_all(people)
    db.session.flush()
    done = {"state": EnrolmentState.COMPLETED, "completed_at": at, "success": True}
    db.session.add_all(
        Enrolment(learner_id=one.id, learning_object_id=course_id, **done) for one in people
    )
    db.session.commit()


def test_a_worker_that_was_killed_is_taken_over(world, app, database, credly):
    desk = Desk(world)
    crowd(desk)
    run_id = desk.start().id
    words = {"CREDLY_EXTRA_HOSTS": credly.practice.host, **LEASE, **database}
    worker = (Path(app.instance_path), "-m", "flask", "--app", "app", "worker")

    def awarded() -> int:
        set_reading(True)  # SQLite has one writer: from now on that is the other process
        found = earlier.counts_of(db.session.get_one(EarlierRun, run_id))
        db.session.rollback()
        return found[EarlierOutcome.AWARDED]

    assert awarded() == 0
    with Process(*worker, **words) as shot:
        wait_until(awarded, shot)
        assert shot.end(signal.SIGKILL) == -signal.SIGKILL
    assert 0 < awarded() < PEOPLE
    with Process(*worker, **words) as again:
        wait_until(lambda: awarded() == PEOPLE, again)
        assert again.end() == 0
    assert db.session.get_one(EarlierRun, run_id).state is EarlierState.DONE
    for table in (Award, Delivery):
        assert db.session.scalar(db.select(db.func.count()).select_from(table)) == PEOPLE
