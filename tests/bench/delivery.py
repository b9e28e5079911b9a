"""How quickly awards reach Credly: `python -m tests.bench.delivery [--postgresql] [--awards N]`.

Each line is one worker process with a fresh portal, beside bare loops of requests with as many
threads, half of them before the worker and half after, to the same practice Credly. `--postgresql`
starts a durable server of its own; `--database` takes the address of another whose user may make
databases; without both all is SQLite.
"""

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from tests import postgres
from tests.bench import bare, books
from tests.bench.bare import Took
from tests.bench.books import Book
from tests.bench.scene import Scene, make_templates
from tests.bench.table import Case, Measured, head, line
from tests.faults.databases import Blank
from tests.faults.stage import Practice, Stage
from tests.practice.desk import Desk

# As in real life; but the fault suite's stage, which we borrow, is in a hurry.
REAL = {
    "DELIVERY_LEASE": "90",
    "DELIVERY_QUIET": "120",
    "CREDLY_DEADLINE": "30",
    "CREDLY_RATE": "0",
}


def cases(awards: int) -> list[Case]:
    """Return the lines; one slot at 200 ms takes a tenth of the awards, or it takes minutes."""
    return [
        Case(0.0, 1, awards),
        Case(0.0, 8, awards),
        Case(0.2, 1, max(1, awards // 10)),
        Case(0.2, 8, awards),
        Case(0.0, 8, awards, 1000),
        Case(0.2, 8, awards, 1000),
    ]


def measure(case: Case, practice: Practice, blank: Blank, folder: Path) -> Measured:
    """Let the worker and the loops run, one after the other."""
    folder.mkdir()
    settings = {**REAL, "WORKER_SLOTS": str(case.slots)}
    with Stage(folder, practice, blank, **settings) as stage:
        scene = Scene(stage, case.awards, case.badges)
        yardstick = Desk(practice)
        templates = make_templates(yardstick, case.badges)
        scene.desk.set(latency=case.latency)

        def loop(book: Callable[[], Book] | None = None) -> Took:
            return bare.issue(yardstick, templates, case.orders, case.slots, book)

        book = _book(stage, folder, case) if case.latency == 0 else None
        took, committing = loop(), loop(book) if book else None
        ran = scene.run(folder)
        if book and committing:
            committing += loop(book)
        return Measured(ran, took + loop(), committing)


def _book(stage: Stage, folder: Path, case: Case) -> Callable[[], Book]:
    if url := stage.database.get("DATABASE_URL"):
        return books.on_postgresql(url, case.orders)
    return books.on_sqlite(folder / "book.db", case.orders)


def tell(words: str) -> None:
    """Print at once: a line may take minutes."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    """Measure every case and print the table."""
    parser = argparse.ArgumentParser(prog="tests.bench.delivery", description=__doc__)
    parser.add_argument("--awards", type=int, default=2000)
    parser.add_argument("--postgresql", action="store_true", help="on a durable server of our own")
    parser.add_argument("--database", default="", help="a PostgreSQL address; else SQLite")
    parser.add_argument("--only", type=int, help="the number of one line, from 1")
    wishes = parser.parse_args()
    chosen = cases(wishes.awards)
    if wishes.only:
        chosen = [chosen[wishes.only - 1]]
    with tempfile.TemporaryDirectory() as place:
        if wishes.postgresql:
            with a_durable_server() as address:
                run_all(chosen, address, Path(place))
        else:
            run_all(chosen, wishes.database, Path(place))


@contextmanager
def a_durable_server() -> Iterator[str]:
    """Start a PostgreSQL server that waits for the disk; it is ours alone and goes again."""
    address = postgres.start(postgres.LIKE_IN_EARNEST)
    try:
        yield address
    finally:
        postgres.stop(postgres.LIKE_IN_EARNEST)


def say_where(server: str) -> str:
    """Print on what machine and database this runs; return the database's name."""
    engine = "SQLite"
    tell(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {_load()}")
    tell(f"Python {platform.python_version()}, {platform.machine()}, Linux {platform.release()}")
    if server:
        engine = "PostgreSQL"
        with psycopg.connect(server) as connection:
            version, fsync, waits = connection.execute(
                "SELECT current_setting('server_version'), current_setting('fsync'),"
                " current_setting('synchronous_commit')"
            ).fetchone() or ("", "", "")
        tell(f"PostgreSQL {version}, fsync {fsync}, synchronous_commit {waits}")
    return engine


def run_all(chosen: list[Case], server: str, place: Path) -> None:
    """Measure case by case, each with a practice Credly and a portal of its own."""
    engine, began = say_where(server), time.monotonic()
    tell(f"\n{head()}")
    blank = Blank(place / "blank", server)
    try:
        for number, case in enumerate(chosen):
            practice = Practice(place / f"practice-{number}")
            try:
                found = measure(case, practice, blank, place / f"case-{number}")
            finally:
                practice.stop()
            tell(line(engine, case, found))
    finally:
        blank.drop()
    tell(f"\nTook {time.monotonic() - began:.0f} s; load at the end: {_load()}")


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    main()
