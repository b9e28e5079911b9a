"""The lock of a learner's row: in one order, and no stronger than it must be."""

import psycopg
import pytest
from sqlalchemy import delete, select

from portal.extensions import db
from portal.models import DeliveryState, EarlierRun, Person
from portal.services.issuing import awarding
from portal.services.learning import earlier_undo
from portal.services.locks import lock, lock_all, lock_badge
from portal.services.privacy import erasure
from tests.databases import NEEDS_POSTGRESQL
from tests.factories import make_person
from tests.rivals import Rival, another_connection
from tests.services.learning.earlier_desk import Desk

NOTIFICATION = """INSERT INTO notification (person_id, kind, message, path, created_at)
    VALUES (%s, 'enrolled', '{}', '/', now())"""
ISSUED_BADGE = """INSERT INTO issued_badge (learner_id, badge_id, cycle, issued_at, public,
    was_there, gone_acknowledged, reads) VALUES (%s, %s, 1, now(), true, false, false, 0)"""
LOCK = "SELECT id FROM person WHERE id = %s FOR NO KEY UPDATE NOWAIT"


@pytest.fixture
def both(app):
    """Two learners; as they lie on PostgreSQL's disk, the younger one comes first."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip(NEEDS_POSTGRESQL)  # SQLite has one writer at a time
    older, younger = make_person("Ola Older"), make_person("Ylva Younger")
    older.first_name = "Olof"
    db.session.commit()
    return older.id, younger.id


@pytest.fixture
def other():
    with another_connection() as another:
        yield another


def test_the_older_one_is_locked_first_whatever_the_order_they_are_named_in(app, both, other):
    older, younger = both
    lock_all([older])

    def lock_both():
        lock_all([younger, older])
        db.session.rollback()
        return "both"

    rival = Rival(app, lock_both)
    rival.begin()
    other.execute(LOCK, [younger])  # still free: who waits for the older one has not got it
    db.session.rollback()
    assert rival.end() == "both"


def test_what_only_names_a_learner_is_written_while_they_are_locked(both, other):
    older, _younger = both
    lock_all(both)
    other.execute("SET lock_timeout = '1s'")
    other.execute(NOTIFICATION, [older])
    with pytest.raises(psycopg.errors.LockNotAvailable):
        other.execute(LOCK, [older])


def test_a_badge_is_awarded_while_earlier_completions_of_it_are_begun(both, other, world):
    older, _younger = both
    badge_id = world.badge.id
    lock_badge(world.badge)
    other.execute("SET lock_timeout = '1s'")
    other.execute(ISSUED_BADGE, [older, badge_id])
    with pytest.raises(psycopg.errors.LockNotAvailable):
        other.execute(LOCK.replace("person", "badge"), [badge_id])


@pytest.mark.parametrize(
    "change", ["DELETE FROM person", "UPDATE person SET email = 'gone@example.org'"]
)
def test_nobody_is_deleted_or_changed_while_they_are_locked(both, other, change):
    lock_all(both)
    other.execute("SET lock_timeout = '1ms'")
    with pytest.raises(psycopg.errors.LockNotAvailable):
        other.execute(f"{change} WHERE id = %s", [both[0]])


def test_who_is_being_deleted_or_erased_is_waited_for(app, both):
    older, _younger = both
    db.session.execute(delete(Person).where(Person.id == older))
    rival = Rival(app, lambda: lock_all([older]) or "locked")
    rival.begin()
    assert rival.came_through is None
    db.session.rollback()
    assert rival.end() == "locked"


def test_who_takes_a_run_back_locks_its_people_before_the_run(app, both, world, other):
    desk = Desk(world)
    learner_id = desk.completed().id
    run = desk.start()
    run_id, actor_id = run.id, world.otto.id
    lock_all([learner_id])  # as a batch does, which writes to the run at its end

    def take_back():
        taker = db.session.get_one(Person, actor_id)
        theirs = db.session.get_one(EarlierRun, run_id)
        return earlier_undo.undo(actor=taker, run=theirs, reason="Too soon", now=world.now)

    rival = Rival(app, take_back)
    rival.begin()
    other.execute("SELECT id FROM earlier_run WHERE id = %s FOR UPDATE NOWAIT", [run_id])
    db.session.rollback()
    assert rival.end().not_awarded == 1
    assert db.session.scalar(select(EarlierRun.state)) == "undone"


def test_what_is_earned_while_somebody_is_erased_does_not_leave(app, world, ada):
    erasure.ask_for(actor=ada, person=world.lena, reason="asked", now=world.now)
    ada_id, lena_id, typed = ada.id, world.lena.id, world.lena.email
    lock(world.lena)
    about = {"learning_object_id": world.course.id, "earned_at": world.now, "now": world.now}
    awarding.award(learner=world.lena, badge=world.badge, **about)

    def erase():
        actor, person = (db.session.get_one(Person, one) for one in (ada_id, lena_id))
        wish = {"typed": typed, "revoke": False, "means": world.means, "now": world.now}
        erasure.erase(actor=actor, person=person, **wish)

    rival = Rival(app, erase)
    rival.begin()
    db.session.commit()
    assert rival.end() is None
    assert world.delivery_of(world.lena).state is DeliveryState.CANCELLED
    assert world.work() == []
