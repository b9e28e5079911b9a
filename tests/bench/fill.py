"""Fill a portal as years of use would: `python -m tests.bench.fill --people 10000 --awards 100000`.

Rows go in past the services, in bulk, with a spread of states as it is found: most deliveries are
done, some wait, a few are held or need a person; two of three badges are accepted.
"""

import argparse
import random
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, insert, select

from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import (
    AuditEntry,
    Award,
    Delivery,
    Enrolment,
    IssuedBadge,
    Person,
    TrailEntry,
)
from portal.serving import prepare
from tests.factories import make_badge, make_connection, make_course, make_person, make_template

CHUNK = 5000
FIRST = ("Ada", "Bo", "Carla", "Dmitri", "Elif", "Femi", "Gun", "Hans", "Ines", "Jonas", "Karin")
LAST = ("Lind", "Moreau", "Novak", "Okafor", "Persson", "Quist", "Rossi", "Silva", "Tanaka", "Umar")
# Of a thousand. Each state that the benchmark lists fills a page of a portal of a thousand awards,
# so that its pages print as many rows at every size.
DELIVERIES = (("done", 934), ("waiting", 28), ("unsure", 4), ("held", 30), ("needs_person", 4))
AT_CREDLY = (("accepted", 66), ("pending", 28), ("rejected", 3), ("revoked", 3))
YEARS = timedelta(days=3 * 365)


@dataclass(frozen=True)
class World:
    """Who and what the rows are about."""

    people: list[int]
    courses: list[tuple[int, int]]  # learning object, badge
    connection_id: int
    now: datetime

    def pair(self, number: int) -> tuple[int, int, int]:
        """Return learner, learning object and badge of one award; no two are the same."""
        object_id, badge_id = self.courses[(number // len(self.people)) % len(self.courses)]
        return self.people[number % len(self.people)], object_id, badge_id

    def when(self, number: int, of: int) -> datetime:
        """Return when it happened: the later the number, the nearer to now."""
        return self.now - YEARS * (1 - number / of) - timedelta(minutes=5)


def fill(*, people: int, awards: int, now: datetime) -> None:
    """Fill the empty database at hand. Commits."""
    chance = random.Random(7)  # noqa: S311 — the same rows every time
    world = _begin(people, max(20, -(-awards // people)), now)
    rows = {"enrolment": Enrolment, "issued": IssuedBadge, "award": Award, "delivery": Delivery}
    for name, model in rows.items():
        _insert(model, _ROWS[name](world, awards, chance))
    _insert(TrailEntry, _trail(world, awards))
    _insert(AuditEntry, _audit(world, awards // 5))
    if db.engine.dialect.name == "postgresql":
        _count_on((Person, *rows.values(), TrailEntry, AuditEntry))
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _begin(people: int, courses: int, now: datetime) -> World:
    make_person("Ada Admin", roles={"admin"}, email="ada@example.org")
    otto = make_person("Otto Author", roles={"author"}, email="otto@example.org")
    connection = make_connection(current_app.extensions["means"])
    pairs = []
    for number in range(courses):
        badge = make_badge(template=make_template(connection, f"Badge number {number}"))
        pairs.append((make_course(otto, f"Course number {number}", badge=badge).id, badge.id))
    first = (db.session.scalar(select(func.max(Person.id))) or 0) + 1
    _insert(Person, _people(first, people, now))
    return World(list(range(first, first + people)), pairs, connection.id, now)


def _people(first: int, people: int, now: datetime) -> Iterator[dict]:
    for number in range(people):
        name, last = FIRST[number % len(FIRST)], LAST[number // len(FIRST) % len(LAST)]
        yield {
            "id": first + number,
            "email": f"{name}.{last}.{number}@example.org".lower(),
            "first_name": name,
            "last_name": f"{last} {number}",
            "earner_id": str(uuid.UUID(int=first + number)),
            "created_at": now - YEARS,
        }


def _enrolments(world: World, awards: int, chance: random.Random) -> Iterator[dict]:
    for number in range(awards):
        learner, object_id, _badge = world.pair(number)
        at = world.when(number, awards)
        yield {
            **{"learner_id": learner, "learning_object_id": object_id, "state": "completed"},
            **{"enrolled_at": at - timedelta(days=chance.randrange(1, 90)), "completed_at": at},
            "success": True,
        }


def _issued(world: World, awards: int, chance: random.Random) -> Iterator[dict]:
    for number in range(1, awards + 1):
        learner, _object, badge = world.pair(number - 1)
        at = world.when(number - 1, awards)
        there = _delivery_state(number) == "done"
        state = _spread(AT_CREDLY, chance.randrange(100))
        yield {
            **{"id": number, "learner_id": learner, "badge_id": badge, "issued_at": at},
            "credly_id": str(uuid.UUID(int=10**12 + number)) if there else None,
            "state": state if there else None,
            "state_changed_at": at + timedelta(hours=2) if there else None,
        }


def _awards(world: World, awards: int, chance: random.Random) -> Iterator[dict]:
    for number in range(1, awards + 1):
        learner, object_id, badge = world.pair(number - 1)
        at = world.when(number - 1, awards)
        yield {
            **{"id": number, "learner_id": learner, "badge_id": badge},
            **{"learning_object_id": object_id, "issued_badge_id": number, "earned_at": at},
            "state": "revoked" if chance.randrange(100) < 4 else "earned",
        }


def _deliveries(world: World, awards: int, chance: random.Random) -> Iterator[dict]:
    for number in range(1, awards + 1):
        at = world.when(number - 1, awards)
        state = _delivery_state(number)
        done = state == "done"
        yield {
            **{"id": number, "issued_badge_id": number, "connection_id": world.connection_id},
            **{"kind": "issue", "state": state, "created_at": at, "tries": 1},
            "due": at if done else world.now + timedelta(days=chance.randrange(1, 3)),
            "held_because": "name_not_usable" if state == "held" else None,
            "sent_at": at if state in {"done", "unsure"} else None,
            "ended_at": at if done else None,
        }


def _trail(world: World, awards: int) -> Iterator[dict]:
    for number in range(1, awards + 1):
        at = world.when(number - 1, awards)
        yield {"delivery_id": number, "at": at, "call": "POST badges", "status": 201}


def _audit(world: World, entries: int) -> Iterator[dict]:
    for number in range(entries):
        learner = world.people[number % len(world.people)]
        at = world.when(number, entries)
        what = {"action": "enrolment.undo", "reason": "", "details": {}}
        yield {"at": at, "person_id": learner, **what}


_ROWS = {
    "enrolment": _enrolments,
    "issued": _issued,
    "award": _awards,
    "delivery": _deliveries,
}


def _delivery_state(number: int) -> str:
    return _spread(DELIVERIES, number * 7919 % 1000)


def _spread(parts: tuple[tuple[str, int], ...], at: int) -> str:
    for name, share in parts:
        if at < share:
            return name
        at -= share
    return parts[0][0]


def _insert(model: type, rows: Iterator[dict]) -> None:
    chunk: list[dict] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            _write(model, chunk)
    _write(model, chunk)


def _write(model: type, chunk: list[dict]) -> None:
    if chunk:
        db.session.execute(insert(model.__table__), chunk)
        db.session.commit()
        chunk.clear()


def _count_on(models: tuple[type, ...]) -> None:
    """Let PostgreSQL number on behind what was numbered here."""
    for model in models:
        name = model.__table__.name
        db.session.execute(
            select(func.setval(f"{name}_id_seq", db.session.scalar(select(func.max(model.id)))))
        )
    db.session.commit()


def main(arguments: list[str]) -> int:
    """Make a portal and fill it; say where it is."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.fill")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--database", help="an empty PostgreSQL database; without it SQLite")
    parser.add_argument("--instance", type=Path, default=Path("build/filled"))
    wishes = parser.parse_args(arguments)
    env = {"DATABASE_URL": wishes.database} if wishes.database else {}
    app = create_app(env, wishes.instance)
    prepare(app)
    started = utc_now()
    with app.app_context():
        set_reading(False)
        fill(people=wishes.people, awards=wishes.awards, now=started)
    seconds = (utc_now() - started).total_seconds()
    sys.stdout.write(f"{wishes.instance} is filled after {seconds:.1f} s.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
