"""Portals and visitors for the benchmark of pages: who asks, how long it took, what it cost."""

import os
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

import psycopg
import requests
from sqlalchemy import URL, event, make_url, select

from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import Person
from portal.services.learning import completions
from portal.services.people import sessions
from portal.serving import prepare
from tests.bench.fill import fill
from tests.factories import make_badge, make_connection, make_course, make_template
from tests.page import CSRF

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Took:
    """What a number of requests took: milliseconds of processor each, and on the clock."""

    cpu: float
    middle: float
    slow: float  # the 95th percentile


class Place:
    """A folder of folders; where `server` is a PostgreSQL address, each has a database there."""

    def __init__(self, folder: Path, server: str = "") -> None:
        self._folder, self._server = folder, make_url(server) if server else None
        self._made: list[str] = []

    def fresh(self, name: str) -> tuple[Path, dict[str, str]]:
        """Return a new folder, and the words that lead to its database."""
        folder = self._folder / name
        folder.mkdir(parents=True)
        if self._server is None:
            return folder, {}
        self._made.append(made := f"bench_{uuid.uuid4().hex[:12]}")
        self._say(f"CREATE DATABASE {made} TEMPLATE template0")
        return folder, {"DATABASE_URL": _address(self._server.set(database=made))}

    def drop(self) -> None:
        """Take the databases away again."""
        for name in self._made:
            self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _say(self, words: str) -> None:
        with psycopg.connect(_address(self._server), autocommit=True) as connection:
            connection.execute(words)


def _address(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Portal:
    """A filled portal in a folder, and people who have signed in."""

    def __init__(self, folder: Path, database: dict[str, str], *, people: int, awards: int):
        self.folder = folder
        self.env = {"JOBS": "worker", "CREDLY_RATE": "0", **database}
        self.app = create_app(self.env, folder)
        prepare(self.app)
        with self.app.app_context():
            set_reading(False)
            fill(people=people, awards=awards, now=utc_now())
            self.ada = self._session("ada@example.org")
            query = select(Person.email).order_by(Person.id.desc()).limit(2)
            self.lena, self.nina = (self._session(one) for one in db.session.scalars(query))
            db.session.remove()

    def courses_to_complete(self, count: int) -> list[int]:
        """Enrol Nina on courses with badges of their own; return their numbers."""
        with self.app.app_context():
            set_reading(False)
            query = select(Person).order_by(Person.id.desc()).offset(1).limit(1)
            nina = db.session.scalars(query).one()
            otto = db.session.scalars(select(Person).filter_by(email="otto@example.org")).one()
            connection = make_connection(self.app.extensions["means"])
            found = []
            for number in range(count):
                badge = make_badge(template=make_template(connection, f"More {number}"))
                course = make_course(otto, f"To complete {number}", badge=badge)
                completions.enrol(learner=nina, learning_object=course, now=utc_now())
                found.append(course.id)
            db.session.remove()
        return found

    def statements(self, session: str, path: str, *, post: bool = False) -> int:
        """Return how many statements one request makes, BEGIN and COMMIT left out."""
        client = self.app.test_client()
        client.set_cookie("session", session, domain="localhost")
        token = CSRF.search(client.get("/learner/profile").get_data(as_text=True))[1]
        client.get(path).close()
        seen: list[str] = []
        with self.app.app_context():
            engine = db.engine
        hook = ("before_cursor_execute", lambda *given: seen.append(given[2]))
        event.listen(engine, *hook)
        if post:
            client.post(path, data={"csrf_token": token})
        else:
            client.get(path).close()
        event.remove(engine, *hook)
        return len([one for one in seen if not one.startswith(("BEGIN", "PRAGMA"))])

    def _session(self, email: str) -> str:
        person = db.session.scalars(select(Person).filter_by(email=email)).one()
        return f"~{sessions.start(person, 'a bench', utc_now())}"


class Visitor:
    """Somebody with a browser at one server."""

    def __init__(self, address: str, pid: int, session: str = "") -> None:
        self.address, self.pid = address, pid
        self.http = requests.Session()
        self.http.trust_env = False
        if session:
            self.http.headers["Cookie"] = f"session={session}"

    def read(self, paths: list[str], times: int) -> Took:
        """Open these pages in turn, so often, after a few that warm up."""
        for path in paths * 3:
            self._get(path)
        return self._measured(lambda number: self._get(paths[number % len(paths)]), times)

    def send(self, paths: list[str], token: str = "") -> Took:
        """Send a form to each of these addresses."""
        for path in paths[:3]:
            self._post(path, token)
        rest = paths[3:]
        return self._measured(lambda number: self._post(rest[number], token), len(rest))

    def token(self) -> str:
        """Return the token of a form."""
        return CSRF.search(self.http.get(f"{self.address}/learner/profile", timeout=60).text)[1]

    def times(self, paths: list[str], count: int) -> list[float]:
        """Return the milliseconds of each request."""
        return self._timed(lambda number: self._get(paths[number % len(paths)]), count)

    def _measured(self, ask: Callable[[int], None], times: int) -> Took:
        cpu = cpu_of(self.pid)
        took = self._timed(ask, times)
        cpu = (cpu_of(self.pid) - cpu) * 1000 / times
        return Took(cpu, median(took), quantiles(took, n=20)[-1])

    def _timed(self, ask: Callable[[int], None], times: int) -> list[float]:
        took = []
        for number in range(times):
            started = time.perf_counter()
            ask(number)
            took.append((time.perf_counter() - started) * 1000)
        return took

    def _get(self, path: str) -> None:
        answer = self.http.get(self.address + path, timeout=60, allow_redirects=False)
        assert answer.status_code == 200, (path, answer.status_code)

    def _post(self, path: str, token: str) -> None:
        values = {"csrf_token": token}
        more = {"timeout": 60, "allow_redirects": False, "data": values}
        answer = self.http.post(self.address + path, **more)
        assert answer.status_code in {200, 302}, (path, answer.status_code)


def together(
    one: Visitor, paths: Sequence[str], other: Visitor, other_paths: Sequence[str], times: int
) -> tuple[Took, Took]:
    """Measure two pages in turn, a few requests each, so that both have the same machine.

    Where a page has several addresses, each request takes the next one.
    """
    parts: tuple[list[float], list[float]] = ([], [])
    pairs = ((one, cycle(paths)), (other, cycle(other_paths)))
    for visitor, where in pairs:
        visitor.times([next(where) for _number in range(5)], 5)
    before = [cpu_of(visitor.pid) for visitor, _where in pairs]
    for _round in range(times // 5):
        for took, (visitor, where) in zip(parts, pairs, strict=True):
            took += visitor.times([next(where) for _number in range(5)], 5)
    spent = [cpu_of(visitor.pid) - start for (visitor, _), start in zip(pairs, before, strict=True)]
    found = [
        Took(cpu * 1000 / len(took), median(took), quantiles(took, n=20)[-1])
        for took, cpu in zip(parts, spent, strict=True)
    ]
    return found[0], found[1]


def cpu_of(pid: int) -> float:
    """Return the seconds of processor that a process has used."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / TICKS


def memory_of(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
