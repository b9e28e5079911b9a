"""How quickly pages open, beside a bare page of as many rows: `make bench-pages`.

Never a test: nothing fails for being slow. Both are served by waitress, in the same minutes.
`--database` is the address of a PostgreSQL database whose user may make others; without it all is
SQLite. `--only` measures parts of the table.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench import pages_hanging, pages_start
from tests.bench.pages_scene import Place, Portal, Visitor, together
from tests.bench.pages_table import head, line
from tests.demo.processes import Process, run, serve, wait_until
from tests.ports import free_port

TIMES = 200  # requests of each page; of each long list
# A word that fills a page at either size, and one that finds a single person.
SEARCHES = ("?q=in", "?q=umar.99@")
LISTS = {
    "people": [f"people{one}" for one in ("", "?page=last", *SEARCHES, "?role=author")],
    "awards": [f"awards{one}" for one in ("", "?page=last", *SEARCHES, "?state=revoked")],
    "deliveries": [f"deliveries{one}" for one in ("", "?page=last", *SEARCHES, "?state=held")],
    "badges": ("badges", "badges?q=number 7", "badges?state=active"),
    "acceptance": [f"acceptance/pending{one}" for one in ("", "?page=last", SEARCHES[0])],
}
# What is kept for a minute is kept for one question; another year each time is counted anew.
_TODAY = datetime.now(UTC).date()
_YEARS = [
    (_TODAY - timedelta(days=364 + back), _TODAY - timedelta(days=back)) for back in range(99)
]
COUNTED = {
    "dashboard": ["/admin/"],
    "dashboard, 52 weeks": ["/admin/?period=52"],
    "dashboard, 52 weeks, counted anew": [f"/admin/?from={one}&to={to}" for one, to in _YEARS],
    "acceptance by badge": ["/admin/acceptance"],
}
PAGES = (("My badges, 20 badges", "badges", 20), ("catalogue", "catalogue", 24), ("home", "", 4))
PARTS = ("pages", "memory", "hanging", "lists", "start")


def main(arguments: list[str]) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--database", default="", help="a PostgreSQL address; else SQLite")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    wishes = parser.parse_args(arguments)
    engine = "PostgreSQL" if wishes.database else "SQLite"
    python = platform.python_version()
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d}, {engine}, Python {python}, load {_load()}\n\n")
    head()
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), wishes.database)
        try:
            _measure(place, wishes.only, wishes.people, wishes.awards)
        finally:
            place.drop()
    sys.stdout.write(f"\nLoad at the end: {_load()}\n")
    return 0


def _measure(place: Place, parts: list[str], people: int, awards: int) -> None:
    if {"pages", "memory", "start"} & {*parts}:
        _beside_bare(place, parts)
    if "hanging" in parts:
        quiet, busy = pages_hanging.measure(*place.fresh("hanging"), TIMES // 2)
        line("completing while 8 deliveries hang", busy, quiet.slow, busy.slow, 1.5)
    if "lists" in parts:
        _lists(place, people, awards)


def _beside_bare(place: Place, parts: list[str]) -> None:
    """What has the bare app beside it, on a small portal."""
    bare, database = place.fresh("bare")
    made = run(bare, "-m", "tests.bench.bare_pages", str(bare), **database)
    assert made.returncode == 0, made.stderr
    portal = Portal(*place.fresh("small"), people=50, awards=1000)
    if "start" in parts:  # first: nothing else runs yet
        pages_start.starts(portal, bare, database)
    courses = portal.courses_to_complete(2 * TIMES)
    if "pages" in parts:
        _pages(portal, bare, database, courses[:TIMES])
    if "memory" in parts:
        learner = [f"/learner/{path}" for _name, path, _rows in PAGES]
        admin = [f"/admin/{path}" for paths in LISTS.values() for path in ("", *paths)]
        pages_start.memory(portal, [*learner, *admin], courses[TIMES:], TIMES)


def _pages(portal: Portal, bare: Path, database: dict[str, str], courses: list[int]) -> None:
    """The pages of learners and a completion, each beside its bare page."""
    with _bare(bare, database) as yardstick, _served(portal) as (address, pid):
        lena = Visitor(address, pid, portal.lena)
        yardstick.http.get(f"{yardstick.address}/enter", timeout=60)
        for name, path, rows in PAGES:
            yard, took = together(yardstick, [f"/rows/{rows}"], lena, [f"/learner/{path}"], TIMES)
            asked = portal.statements(portal.lena, f"/learner/{path}")
            line(name, took, yard.cpu, took.cpu, 2.5, asked, 8, there=yard)
        nina = Visitor(address, pid, portal.nina)
        addresses = [f"/learner/courses/{one}/complete" for one in courses]
        yard = yardstick.send(["/insert"] * TIMES)
        took = nina.send(addresses[1:], nina.token())
        asked = portal.statements(portal.nina, addresses[0], post=True)
        line("completing a course (POST)", took, yard.cpu, took.cpu, 2.5, asked, 14, there=yard)


def _lists(place: Place, people: int, awards: int) -> None:
    """Lists and dashboard with much data, each beside itself with little."""
    few = Portal(*place.fresh("few"), people=100, awards=1000)
    many = Portal(*place.fresh("many"), people=people, awards=awards)
    with _served(few) as little, _served(many) as much:
        here, there = Visitor(*little, few.ada), Visitor(*much, many.ada)
        for name, paths in LISTS.items():
            for path in paths:
                _pair(f"{name}: {path}", [f"/admin/{path}"], here, there, many, 1.5)
        for name, paths in COUNTED.items():
            _pair(name, paths, here, there, many, 2.0)


def _pair(
    name: str, paths: Sequence[str], here: Visitor, there: Visitor, many: Portal, target: float
) -> None:
    little, much = together(here, paths, there, paths, TIMES // 2)
    asked = many.statements(many.ada, paths[0])
    line(name, much, little.slow, much.slow, target, asked, there=little)


@contextmanager
def _served(portal: Portal) -> Iterator[tuple[str, int]]:
    """The portal as a process of its own; its address and process id."""
    port = str(free_port())
    with serve(portal.folder, **portal.env, PORT=port) as process:
        yield f"http://127.0.0.1:{port}", process.pid
        process.end()


@contextmanager
def _bare(folder: Path, database: dict[str, str]) -> Iterator[Visitor]:
    """The bare app as a process of its own; somebody who visits it."""
    port = str(free_port())
    words = ("-m", "tests.bench.bare_pages", str(folder), port)
    with Process(folder, *words, **database) as process:
        wait_until(lambda: pages_start.answers(port), process)
        yield Visitor(f"http://127.0.0.1:{port}", process.pid)
        process.end()


def _load() -> str:
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
