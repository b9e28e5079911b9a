"""A portal full of awards that wait for Credly, and one worker that may begin at a word."""

import itertools
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from portal.clock import utc_now
from portal.extensions import db
from portal.models import (
    Award,
    Badge,
    BooksRun,
    Connection,
    Course,
    Delivery,
    DeliveryState,
    IssuedBadge,
    ObjectState,
    Person,
    Provider,
    RunState,
    Template,
)
from portal.services.issuing import connections
from tests.demo.processes import Process
from tests.factories import make_person
from tests.faults.stage import Stage
from tests.practice.desk import Desk

TOO_LONG = 1800.0  # seconds


@dataclass(frozen=True)
class Ran:
    """What one run of the worker came to."""

    seconds: float
    states: dict[str, int]
    posts: int
    others: int
    statements: float
    commits: float
    memory: float
    cpu: float


class Scene:
    """One organisation at practice Credly, `badges` active badges and `awards` waiting awards."""

    def __init__(self, stage: Stage, awards: int, badges: int) -> None:
        self.stage, self.awards = stage, awards
        self.desk = Desk(stage.practice)
        self.templates = make_templates(self.desk, badges)
        with stage.inside():
            self._fill()

    def run(self, folder: Path) -> Ran:
        """Let the worker loose on everything; count while it works."""
        counts = folder / "counts.json"
        words = ("-m", "tests.bench.counting", str(counts))
        with Process(self.stage.instance, *words, **self.stage.settings) as worker:
            worker.wait_for("running")
            before, cpu = self._last_entry(), _cpu(worker.pid)
            self._let_go()
            self._until_done(worker)
            memory, cpu = _memory(worker.pid), _cpu(worker.pid) - cpu
            worker.end()
        return self._sum_up(json.loads(counts.read_text()), before, memory, cpu)

    def _fill(self) -> None:
        now = utc_now()
        connection = self._connect(now)
        owner = make_person("Otto Author")
        badges = [_badge(connection, template) for template in self.templates]
        db.session.add_all(badges)
        db.session.flush()
        courses = [
            Course(title="Knots", owners=[owner], badge=badge, state=ObjectState.PUBLISHED)
            for badge in badges
        ]
        learners = [_learner(number) for number in range(self.awards)]
        db.session.add_all([*courses, *learners])
        db.session.flush()
        for learner, course in zip(learners, itertools.cycle(courses), strict=False):
            db.session.add_all(_waiting(learner, course, connection, now))
        db.session.commit()

    def _connect(self, now: datetime) -> Connection:
        connection: Connection = connections.connect(
            name="Bench",
            organization_id=self.desk.id,
            token=self.desk.token,
            hostname=self.stage.practice.host,
            means=self.stage.means,
            now=now,
        )
        # The hourly list and the nightly books are re-reads, and not what is measured.
        connection.refresh_due = now + timedelta(days=1)
        db.session.add(BooksRun(state=RunState.DONE, created_at=now))
        return connection

    def _let_go(self) -> None:
        with self.stage.inside():
            db.session.execute(update(Delivery).values(due=utc_now()))
            db.session.commit()

    def _until_done(self, worker: Process) -> None:
        over = (DeliveryState.DONE, DeliveryState.NEEDS_PERSON)
        ends = time.monotonic() + TOO_LONG
        query = select(Delivery.id).where(Delivery.state.not_in(over)).limit(1)
        while time.monotonic() < ends and worker.child.poll() is None:
            with self.stage.inside():
                if db.session.scalar(query) is None:
                    return
            time.sleep(0.5)
        raise TimeoutError("the worker did not finish")

    def _sum_up(self, counts: dict[str, int], before: int, memory: float, cpu: float) -> Ran:
        entries = self._entries(before)
        posts = sum(1 for one in entries if one["method"] == "POST")
        with self.stage.inside():
            span = select(func.min(Delivery.sent_at), func.max(Delivery.ended_at))
            first, last = db.session.execute(span).one()
            by_state = select(Delivery.state, func.count()).group_by(Delivery.state)
            states = {state.value: count for state, count in db.session.execute(by_state)}
        return Ran(
            seconds=(last - first).total_seconds(),
            states=states,
            posts=posts,
            others=len(entries) - posts,
            statements=counts.get("statements", 0) / self.awards,
            commits=counts.get("commits", 0) / self.awards,
            memory=memory,
            cpu=cpu / self.awards,
        )

    def _entries(self, since: int) -> list[dict]:
        url = f"{self.stage.practice.url}/practice/log"
        found = self.desk.http.get(url, params={"since": since}, timeout=120).json()["entries"]
        return [one for one in found if one["organization"] == self.desk.id]

    def _last_entry(self) -> int:
        url = f"{self.stage.practice.url}/practice/log"
        return self.desk.http.get(url, timeout=120).json()["last"] or 0


def make_templates(desk: Desk, count: int) -> list[str]:
    """Make active templates at practice Credly, a few at a time; return their ids."""
    path, ids = f"organizations/{desk.id}/templates", list[str]()
    while len(ids) < count:
        ids += desk.control("POST", path, {"count": min(25, count - len(ids))})["ids"]
    return ids


def _badge(connection: Connection, credly_id: str) -> Badge:
    template = Template(connection=connection, credly_id=credly_id, name="Knots", state="active")
    return Badge(
        external_badge_id=credly_id,
        external_badge_provider=Provider.CREDLY,
        template=template,
        connection=connection,
    )


def _learner(number: int) -> Person:
    return Person(email=f"learner{number}@example.org", first_name="Lena", last_name="Learner")


def _waiting(
    learner: Person, course: Course, connection: Connection, now: datetime
) -> Sequence[object]:
    """An award as completing the course leaves it, but not due before we say so."""
    issued = IssuedBadge(learner=learner, badge=course.badge, issued_at=now)
    award = Award(
        learner=learner,
        badge=course.badge,
        learning_object_id=course.id,
        earned_at=now,
        issued_badge=issued,
    )
    later = now + timedelta(days=1)
    return award, issued, Delivery(issued_badge=issued, connection=connection, due=later)


def _memory(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def _cpu(pid: int) -> float:
    """Return the processor time that a process has used, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
