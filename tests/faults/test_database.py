"""A database that is locked, full, failing or read-only: a SQLite file, whose disk is ours."""

import resource
import sqlite3
import time
from contextlib import contextmanager

import requests

from portal.extensions import db
from portal.models import Award, Enrolment, EnrolmentState
from tests.demo.processes import wait_until
from tests.faults.visitor import Visitor

OUTCOME = "UPDATE issued_badge"


@contextmanager
def locked(stage):
    """Hold the database's only write lock from outside."""
    holder = sqlite3.connect(stage.instance / "portal.db", timeout=30, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


def saved(stage) -> tuple[int, int]:
    with stage.inside():
        done = Enrolment.state == EnrolmentState.COMPLETED
        return (
            db.session.scalar(db.select(db.func.count(Enrolment.id)).where(done)),
            db.session.scalar(db.select(db.func.count(Award.id))),
        )


def complete_in_trouble(stage, lena) -> None:
    """She hears 503 and "try again", and nothing of it is saved."""
    assert lena.complete() == 503
    assert "again" in lena.last.text
    assert lena.last.headers["Retry-After"]
    assert saved(stage) == (0, 0)


def complete_and_deliver(stage, lena) -> None:
    """Without any restart all goes well again."""
    assert lena.complete() == 302
    assert saved(stage) == (1, 1)
    stage.worker()
    balance = lena.place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


def test_a_database_that_is_locked_for_a_second_is_only_slow(file_stage):
    place = file_stage.place()
    file_stage.web()
    lena = Visitor(place)
    lena.look()
    with locked(file_stage):
        waiting = lena.complete_later()
        time.sleep(1)
        assert not waiting.done()
    assert waiting.result(60) == 302
    assert saved(file_stage) == (1, 1)


def test_a_database_that_is_locked_for_long_says_try_again(file_stage):
    place = file_stage.place()
    file_stage.web()
    lena = Visitor(place)
    lena.look()
    with locked(file_stage):
        status = lena.complete()
    assert status == 503
    assert "again" in lena.last.text
    assert saved(file_stage) == (0, 0)
    complete_and_deliver(file_stage, lena)


def test_a_database_that_is_locked_when_credly_has_answered(file_stage):
    place = file_stage.place()
    place.complete()
    place.plan({"when": "after", "delay": 1})
    file_stage.worker(CREDLY_DEADLINE="5")
    wait_until(lambda: place.posts())
    with locked(file_stage):
        time.sleep(15)  # longer than any statement waits
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


def test_a_full_disk_is_said_plainly_and_forgotten_when_there_is_room(file_stage):
    place = file_stage.place()
    place.complete(35)  # to fill the pages that stand half empty
    web = file_stage.ailing_web({})
    learners = [Visitor(place) for _number in range(25)]
    for learner in learners:
        learner.look()
    web.now(pragmas={"max_page_count": 1})  # from now on the file cannot grow
    unlucky = next(one for one in learners if one.complete() != 302)
    assert unlucky.last.status_code == 503
    assert "again" in unlucky.last.text
    told = len(place.promised)
    assert saved(file_stage) == (told, told), "nothing is half saved"
    web.now()
    assert unlucky.complete() == 302
    file_stage.worker()
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, told + 1), balance


def test_a_disk_that_is_full_when_credly_has_answered(file_stage):
    place = file_stage.place()
    ill = file_stage.ailing_worker({}, CREDLY_DEADLINE="5")
    place.plan({"when": "after", "delay": 2})
    place.complete()
    wait_until(lambda: place.posts())
    limit_files(ill.pid, 0)
    time.sleep(4)
    limit_files(ill.pid, resource.RLIM_INFINITY)
    balance = place.drained()
    assert (balance.is_clean, balance.posts) == (True, 1), balance


def limit_files(pid: int, most: int) -> None:
    """Let the machine refuse every write of this process beyond so many bytes of a file."""
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))


def test_a_disk_that_fails_leaves_the_database_whole(file_stage):
    place = file_stage.place()
    web = file_stage.web()
    lena = Visitor(place)
    lena.look()
    limit_files(web.pid, 0)
    complete_in_trouble(file_stage, lena)
    limit_files(web.pid, resource.RLIM_INFINITY)
    connection = sqlite3.connect(file_stage.instance / "portal.db", timeout=30)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    complete_and_deliver(file_stage, lena)


def test_a_full_disk_under_the_log_stops_no_issuing(file_stage):
    place = file_stage.place()
    place.plan({"status": 500})
    place.complete(3)
    file_stage.worker_without_log()
    balance = place.drained()
    assert balance.is_clean, balance


def test_a_read_only_database_turns_the_health_page_red(file_stage):
    place = file_stage.place()
    web, worker = file_stage.ailing_web({"clock": 0}), file_stage.ailing_worker({})
    lena = Visitor(place)
    lena.look()
    wait_until(lambda: file_stage.status_of("/health") == 200)
    worker.now(pragmas={"query_only": 1})
    web.now(pragmas={"query_only": 1}, clock=70)  # a good minute later
    complete_in_trouble(file_stage, lena)
    health = requests.get(f"{file_stage.url}/health", timeout=60)
    assert (health.status_code, health.text) == (503, "red\n")
    worker.now()
    web.now(clock=0)
    complete_and_deliver(file_stage, lena)
    wait_until(lambda: file_stage.status_of("/health") == 200)


def test_yesterdays_backup_is_restored_and_nothing_is_issued_again(file_stage):
    place = file_stage.place()
    place.complete(2)
    late = [place.new_learner() for _number in range(2)]
    backup = file_stage.instance / "backup.db"
    copy(file_stage.instance / "portal.db", backup)
    first = file_stage.worker()
    for learner in late:
        place.completed_by(learner)
    assert place.drained().is_clean
    assert first.end() == 0
    copy(backup, file_stage.instance / "portal.db")
    file_stage.worker()
    wait_until(lambda: place.states() == {"done": 2})
    assert place.own_books() == {"unknown": 2}, "the books find what was issued since"
    for learner in late:
        place.completed_by(learner)
    assert place.drained().is_clean
    assert len(place.badges()) == 4, "none was issued again"


def copy(source, target) -> None:
    """Copy a database as `sqlite3 .backup` does."""
    one, other = sqlite3.connect(source, timeout=30), sqlite3.connect(target, timeout=30)
    one.backup(other)
    one.close()
    other.close()
