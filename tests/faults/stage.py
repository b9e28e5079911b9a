"""A stage for faults: practice Credly, web processes and workers, each a real process."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.services.issuing import books
from portal.services.means import Means
from tests.demo.processes import Process, wait_until
from tests.faults.databases import Blank
from tests.faults.place import Place
from tests.ports import free_port
from tests.redis import shared_redis

# Lease, quiet period and deadline are 30 times shorter than in real life; the waits behind later
# failures are shorter still, so that a test need not sit through them.
QUICK = {
    "DELIVERY_LEASE": "3",
    "DELIVERY_QUIET": "4",
    "DELIVERY_WAITS": "2 3 4 5 6",
    "CREDLY_DEADLINE": "1",
    "CREDLY_RATE": "0",
    "JOBS": "worker",
}


def engine() -> dict[str, str]:
    """Return the words for Celery where TEST_JOBS asks for it, with a Redis that is shared."""
    if os.environ.get("TEST_JOBS") != "celery":
        return {}
    return {"JOBS": "celery", "REDIS_URL": shared_redis().new_database()}


class Practice:
    """Practice Credly as a process; it may be stopped and comes back at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        self.start()

    def start(self) -> None:
        """Start, with all that it held before."""
        database = str(self.folder / "practice.db")
        words = ("--port", str(self.port), "--database", database)
        self.process = Process(self.folder, "-m", "portal.practice", *words)
        self.process.wait_for("listens")

    def stop(self) -> None:
        """End: from now on the port refuses."""
        self.process.__exit__(None, None, None)

    close = stop

    def behave(self) -> None:
        """Forget every plan and turn every switch back."""
        with requests.Session() as http:
            http.trust_env = False
            http.delete(f"{self.url}/practice/plan", timeout=30).raise_for_status()
            well = {"list_lag": 0, "latency": 0, "rate_limit": 0, "webhook_retry_seconds": 0.5}
            http.post(f"{self.url}/practice/switches", json=well, timeout=30).raise_for_status()


class Stage:
    """A portal on a database of its own. Processes that were started end with it."""

    def __init__(self, folder: Path, practice: Practice, blank: Blank, **settings: str) -> None:
        self.practice, self.blank = practice, blank
        self.beats_itself = True  # with Celery: its beat is started beside its first worker
        self.instance = folder / "instance"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = blank.copy(self.instance)
        hosts = {"CREDLY_EXTRA_HOSTS": practice.host, "PORT": str(self.port)}
        self.settings = {**QUICK, **engine(), **hosts, **self.database, **settings}
        # What this process asks itself, to prepare and to balance, is not what is tried.
        patient = {**self.settings, "CREDLY_DEADLINE": "120"}
        self.app = create_app(patient, self.instance)
        self.means: Means = self.app.extensions["means"]
        self._processes = ExitStack()
        self._ailments = 0

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work on the portal's database in this process, holding nothing afterwards."""
        with self.app.app_context():
            set_reading(False)
            try:
                yield
            finally:
                db.session.remove()

    def place(self, **template: Any) -> Place:
        """Make an organisation with a badge and a course."""
        return Place(self, **template)

    def worker(self, **settings: str) -> Process:
        """Start `flask --app app worker` and wait until it works."""
        return self._worker(("-m", "flask", "--app", "app", "worker"), settings)

    def ailing_worker(self, ailment: dict[str, Any], **settings: str) -> "Ailing":
        """Start a worker that is ill from its first moment."""
        file = self._new_ailment(ailment)
        started = self._worker(("-m", "tests.faults.ailing", str(file), "worker"), settings)
        return Ailing(started, file)

    def worker_without_log(self) -> Process:
        """Start a worker whose log goes to a full disk; what it says at its start does not."""
        words = ("-m", "tests.faults.ailing", str(self._new_ailment({"log": "full"})), "worker")
        return self._worker(words, {})

    def workers(self, count: int, **settings: str) -> list[Process]:
        """Start several at once and wait until all of them work."""
        words = ("-m", "flask", "--app", "app", "worker")
        started = [self.start(*words, **settings) for _number in range(count)]
        for one in started:
            one.wait_for("running")
        return started

    def beat(self, **settings: str) -> Process:
        """Start `flask --app app beat` and do not wait for it."""
        self.beats_itself = False
        return self.start("-m", "flask", "--app", "app", "beat", **settings)

    def web(self, **settings: str) -> Process:
        """Serve the portal at `url` and wait until it answers."""
        return self._serving(self.start("app.py", **settings))

    def ailing_web(self, ailment: dict[str, Any], **settings: str) -> "Ailing":
        """Serve the portal in a process that is ill from its first moment."""
        file = self._new_ailment(ailment)
        words = ("-m", "tests.faults.ailing", str(file), "web")
        return Ailing(self._serving(self.start(*words, **settings)), file)

    def own_books(self) -> dict[str, int]:
        """Return what the portal's own books find, without the sets that are empty."""
        with self.inside():
            found = books.balance(self.means).counts()
        return {name: count for name, count in found.items() if count}

    def status_of(self, path: str) -> int:
        """Return the status of a page, 0 while nobody answers."""
        try:
            return requests.get(self.url + path, timeout=60, allow_redirects=False).status_code
        except requests.ConnectionError:
            return 0

    def _worker(self, words: tuple[str, ...], settings: dict[str, str]) -> Process:
        process = self.start(*words, **settings)
        process.wait_for("running")
        return process

    def _serving(self, process: Process) -> Process:
        # Not the health page: that is red as long as no worker is alive.
        wait_until(lambda: self.status_of("/login") in {200, 302}, process)
        return process

    def start(self, *words: str, **settings: str) -> Process:
        """Start `python …` on this portal and do not wait for it."""
        if self.settings["JOBS"] == "celery" and self.beats_itself and words[-1] == "worker":
            self.beat()
        process = Process(self.instance, *words, **{**self.settings, **settings})
        return self._processes.enter_context(process)

    def _new_ailment(self, ailment: dict[str, Any]) -> Path:
        self._ailments += 1
        file = self.instance / f"ailment-{self._ailments}.json"
        file.write_text(json.dumps(ailment))
        return file

    def __enter__(self) -> "Stage":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._processes.close()
        self.practice.behave()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.means.door.close()
        self.blank.drop(self.database)


class Ailing:
    """A process with an ailment that can be changed while it runs."""

    def __init__(self, process: Process, file: Path) -> None:
        self.process, self.file = process, file
        self.pid = process.pid

    def now(self, **ailment: Any) -> None:
        """Let it suffer from this and nothing else."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(ailment))
        fresh.replace(self.file)
