"""Two hundred learners at once, half reading, half completing: `make bench-load`.

Never a test. One portal with embedded jobs and real practice Credly; afterwards everything that was
completed must have come to Credly once, and the books must balance.
"""

import argparse
import os
import platform
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

import requests
from sqlalchemy import func, select

from portal.clock import utc_now
from portal.extensions import db
from portal.models import Award, Connection, Person
from portal.services.people import sessions
from tests.bench.pages_scene import memory_of
from tests.demo.processes import Process
from tests.factories import make_person
from tests.faults.databases import Blank
from tests.faults.ledgers import ON_ITS_WAY
from tests.faults.place import Place
from tests.faults.stage import Practice, Stage
from tests.page import CSRF

COURSES = 40
READS = ("home", "catalogue", "My badges")
PATHS = {"home": "/learner/", "catalogue": "/learner/catalogue", "My badges": "/learner/badges"}
DRAINED_WITHIN = 1800.0  # seconds
# As in real life, and not as in the fault suite that lends its stage.
EARNEST = {
    "JOBS": "embedded",
    "DELIVERY_LEASE": "90",
    "DELIVERY_QUIET": "120",
    "DELIVERY_WAITS": "60 120 300",
    "CREDLY_DEADLINE": "30",
}
Took = dict[str, list[float]]


class Learner(threading.Thread):
    """Somebody who presses the next thing as soon as there is an answer, until time is over."""

    def __init__(self, address: str, session: str, steps: Iterator[tuple[str, str, bool]]):
        super().__init__(daemon=True)
        self.took: Took = defaultdict(list)
        self.statuses: Counter[int] = Counter()
        self._address, self._steps = address, steps
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.headers["Cookie"] = f"session={session}"

    def enter(self) -> None:
        """Read the token of a form."""
        page = self._http.get(f"{self._address}/learner/profile", timeout=300)
        self._token = CSRF.search(page.text)[1]

    def until(self, ends: float) -> None:
        """Set when to stop, and begin."""
        self._ends = ends
        self.start()

    def run(self) -> None:
        for name, path, sends in self._steps:
            if time.monotonic() > self._ends:
                return
            began = time.perf_counter()
            words = {"timeout": 300, "allow_redirects": False}
            if sends:
                words["data"] = {"csrf_token": self._token}
            method = "POST" if sends else "GET"
            answer = self._http.request(method, self._address + path, **words)
            self.took[name].append((time.perf_counter() - began) * 1000)
            self.statuses[answer.status_code] += 1


def main(arguments: list[str]) -> int:
    """Let them loose, print the table; 1 when something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.load")
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--database", default="", help="a PostgreSQL address; else SQLite")
    wishes = parser.parse_args(arguments)
    engine = "PostgreSQL" if wishes.database else "SQLite"
    where = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {engine}"
    _tell(f"{where}, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as folder:
        practice = Practice(Path(folder))
        blank = Blank(Path(folder) / "blank", wishes.database)
        try:
            with Stage(Path(folder) / "stage", practice, blank, **EARNEST) as stage:
                return _measure(stage, wishes.learners, wishes.seconds)
        finally:
            blank.drop()
            practice.stop()


def _measure(stage: Stage, count: int, seconds: float) -> int:
    place = stage.place()
    with stage.inside():
        connection = db.session.get_one(Connection, place.connection_id)
        templates = [place.credly.template(name=f"Knot {n}") for n in range(COURSES)]
        courses = [place.add_course(connection, template) for template in templates]
        invited = [_invite(number) for number in range(count)]
    web = stage.web()
    readers = [Learner(stage.url, one, _reading()) for one in invited[::2]]
    doers = [Learner(stage.url, one, _completing(courses)) for one in invited[1::2]]
    learners = [*readers, *doers]
    for one in learners:
        one.enter()
    ends = time.monotonic() + seconds
    for one in learners:
        one.until(ends)
    for one in learners:
        one.join()
    memory = memory_of(web.pid)
    drained = _drain(place, web)
    statuses = sum((one.statuses for one in learners), Counter())
    _print(learners, seconds)
    wrong = sum(n for status, n in statuses.items() if status >= 400)
    books = stage.own_books()
    with stage.inside():
        promised = db.session.scalar(select(func.count()).select_from(Award))
    held = len(place.badges())
    _tell(f"\nanswers {dict(sorted(statuses.items()))}; resident memory {memory:.0f} MiB")
    _tell(f"{promised} awards, {held} badges at Credly, all there {drained:.0f} s later")
    _tell(f"books: {books or 'balanced'}; load {os.getloadavg()[0]:.1f}")
    return int(bool(wrong or books or promised != held))


def _invite(number: int) -> str:
    person: Person = make_person("Lena Learner", email=f"learner{number}@example.org")
    return f"~{sessions.start(person, 'a bench', utc_now())}"


def _reading() -> Iterator[tuple[str, str, bool]]:
    return cycle((name, PATHS[name], False) for name in READS)


def _completing(courses: list[int]) -> Iterator[tuple[str, str, bool]]:
    """Enrol and complete, course after course, with a look at each; then read."""
    for course in courses:
        path = f"/learner/courses/{course}"
        yield "course", path, False
        yield "enrolling (POST)", f"{path}/enrol", True
        yield "completing (POST)", f"{path}/complete", True
    yield from _reading()


def _drain(place: Place, web: Process) -> float:
    """Wait until nothing is on its way any more; return for how long."""
    began = time.monotonic()
    while place.states().keys() & ON_ITS_WAY:
        if time.monotonic() - began > DRAINED_WITHIN or web.child.poll() is not None:
            raise TimeoutError("not everything came to Credly")
        time.sleep(1)
    return time.monotonic() - began


def _print(learners: list[Learner], seconds: float) -> None:
    took: Took = defaultdict(list)
    for one in learners:
        for name, times in one.took.items():
            took[name] += times
    _tell("| what | requests | a second | p50 | p95 | longest |")
    _tell("| --- | --- | --- | --- | --- | --- |")
    for name, times in took.items():
        figures = f"{median(times):.0f} ms | {quantiles(times, n=20)[-1]:.0f} ms"
        rate = f"{len(times)} | {len(times) / seconds:.1f}"
        _tell(f"| {name} | {rate} | {figures} | {max(times):.0f} ms |")


def _tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
