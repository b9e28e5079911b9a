"""How quickly a learner's home opens while a file is imported, beside how it opens in quiet.

One process serves and imports, as `python app.py` does where nothing is set.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import requests
from sqlalchemy import select

from portal.clock import utc_now
from portal.extensions import db, reading, set_reading
from portal.factory import create_app
from portal.models import ImportRun, ImportState
from portal.services.importing import imports
from portal.services.learning import completions
from portal.services.people import sessions
from tests.demo.processes import serve
from tests.factories import make_badge, make_course, make_person
from tests.ports import free_port

PAUSE = 0.02  # seconds between two looks, as if many people looked in turn
QUIET = 6.0  # seconds of looks in quiet, before the import and after it
FEWEST = 40  # looks; the slowest twentieth of fewer says nothing
LOOK_AGAIN = 0.25  # seconds between two looks how far the import is


@dataclass(frozen=True)
class Seen:
    """The 95th percentile of the page in quiet and meanwhile, in milliseconds; None if too few."""

    quiet: float | None
    meanwhile: float | None

    @property
    def ratio(self) -> float | None:
        """How many times slower the page was."""
        return self.meanwhile / self.quiet if self.quiet and self.meanwhile else None


class Home:
    """A portal with a learner who has something to look at."""

    def __init__(self, instance: Path, settings: dict[str, str]) -> None:
        self.instance = instance
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/learner/"
        self.settings = {**settings, "PORT": str(self.port)}
        self.app = create_app(self.settings, instance)
        self.http = requests.Session()
        self.http.trust_env = False
        with self.app.app_context():
            set_reading(False)
            self._fill()

    def measure(self, file: Path) -> Seen:
        """Serve the portal and look at the page: in quiet, while the file comes in, in quiet."""
        with serve(self.instance, **self.settings), self.app.app_context():
            set_reading(False)
            self._for(1.0)  # the first pages compile their templates
            quiet = self._for(QUIET)
            run = self._upload(file)
            meanwhile = self._while(lambda: self._state(run) is ImportState.READING)
            imports.start(actor=None, run=run, now=utc_now())
            db.session.rollback()
            meanwhile += self._while(lambda: self._state(run) is ImportState.RUNNING)
            assert self._state(run) is ImportState.DONE
            quiet += self._for(QUIET)
        return Seen(_slow(quiet), _slow(meanwhile))

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.app.extensions["means"].door.close()

    def _fill(self) -> None:
        now = utc_now()
        make_person("Ada Admin", roles={"admin"})
        otto, lena = make_person("Otto Author", roles={"author"}), make_person("Lena Learner")
        for number in range(12):
            course = make_course(otto, f"Course {number}", badge=make_badge(f"Badge {number}"))
            completions.enrol(learner=lena, learning_object=course, now=now)
            if number % 2:
                completions.complete(learner=lena, course_id=course.id, now=now)
        session = sessions.start(lena, "a bench", now)
        self.http.headers["Cookie"] = f"session=~{session}"

    def _upload(self, file: Path) -> ImportRun:
        with file.open("rb") as stream:
            return imports.upload(
                actor=None,
                stream=stream,
                file_name=file.name,
                kind="badges",
                means=self.app.extensions["means"],
                now=utc_now(),
            )

    def _state(self, run: ImportRun) -> ImportState | None:
        with reading():
            state = db.session.scalar(select(ImportRun.state).filter_by(id=run.id))
            db.session.rollback()
        return state

    def _for(self, seconds: float) -> list[float]:
        ends = time.monotonic() + seconds
        took = []
        while time.monotonic() < ends:
            took.append(self._look())
        return took

    def _while(self, goes_on: Callable[[], bool]) -> list[float]:
        took: list[float] = []
        while goes_on():
            took += self._for(LOOK_AGAIN)
        return took

    def _look(self) -> float:
        started = time.perf_counter()
        answer = self.http.get(self.url, timeout=60, allow_redirects=False)
        seconds = time.perf_counter() - started
        assert answer.status_code == 200, answer.status_code
        time.sleep(PAUSE)
        return seconds


def _slow(took: list[float]) -> float | None:
    return quantiles(took, n=20)[-1] * 1000 if len(took) >= FEWEST else None
