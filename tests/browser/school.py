"""A portal at work for the walks about learning: people, courses, badges at practice Credly."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import (
    OPEN,
    Certification,
    CertificationCourse,
    Connection,
    Course,
    CourseCredit,
    Delivery,
    DeliveryState,
    ObjectState,
    Person,
    Policy,
    SkillLevel,
)
from portal.practice.server import PracticeServer
from portal.services.issuing import connections
from portal.services.learning import completions
from tests.browser.portal import RunningPortal
from tests.databases import make_schema
from tests.factories import make_course, make_person, with_password
from tests.practice.desk import Desk
from tests.world import World

NAMES = ("Rope Hand", "Skipper", "Rescuer", "Yearly", "Welcome", "Signals")
LEARNERS = ("lena", "mei", "nils", "olga", "eva", "frida")


class School:
    """What the walks begin with; `portal` serves it, `credly` is its organisation."""

    def __init__(self, folder: Path, practice: PracticeServer, **settings: str) -> None:
        self.instance = folder / "instance"
        self.instance.mkdir()
        make_schema({}, self.instance)
        env = {"CREDLY_EXTRA_HOSTS": practice.host, "CREDLY_RATE": "0"}
        self.app: Flask = create_app(env, self.instance)
        self.credly = Desk(practice)
        self.now = datetime.now(UTC).replace(microsecond=0)
        with self.inside():
            self._fill()
        self.portal = RunningPortal(folder, practice, CREDLY_RATE="0", **settings)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Write to the same database from here."""
        with self.app.app_context():
            set_reading(False)
            yield
            db.session.remove()

    def _fill(self) -> None:
        people = {name: self._person(name) for name in LEARNERS}
        self._person("ada", roles={"admin"})
        otto = self._person("otto", roles={"author"})
        world = World(self.app, self.credly, otto, people["lena"], self.now)
        templates = {name: self.credly.template(name=name) for name in NAMES}
        self.templates = {name: one["id"] for name, one in templates.items()}
        badges = {name: world.badge_of(one) for name, one in templates.items()}
        self.ids = {
            "knots": make_course(otto, "Knots and bends").id,
            "splices": make_course(otto, "Splices").id,
            "rescue": make_course(
                otto, "Rescue drill", badge=badges["Rescuer"], policy=Policy.EVIDENCE
            ).id,
        }
        safety = make_course(otto, "Safety on the quay")
        yearly = self._yearly(otto, badges["Yearly"], safety)
        signals = make_course(otto, "Signal flags", badge=badges["Signals"])
        welcome = make_course(otto, "Welcome to the quay")
        self.ids |= {"safety": safety.id, "yearly": yearly.id, "signals": signals.id}
        self.ids["welcome"] = welcome.id
        self._complete(people["nils"], yearly, self.now - timedelta(days=330), through=safety)
        self._complete(people["olga"], signals, self.now)
        for name in ("eva", "frida"):
            self._complete(people[name], welcome, self.now - timedelta(days=200))
        welcome.badge = badges["Welcome"]
        db.session.commit()

    def pause(self) -> None:
        """Let no badge leave for Credly until `resume`."""
        with self.inside():
            connection = db.session.scalars(db.select(Connection)).one()
            connections.pause(connection=connection, now=datetime.now(UTC))

    def resume(self) -> None:
        with self.inside():
            connection = db.session.scalars(db.select(Connection)).one()
            means = self.app.extensions["means"]
            connections.resume(connection=connection, means=means, now=datetime.now(UTC))

    def leave_at(self, moment: datetime) -> None:
        """Let what has not left for Credly wait for this moment, and be held by nothing."""
        unsent = Delivery.sent_at.is_(None), Delivery.state.in_(OPEN)
        values = {"state": DeliveryState.WAITING, "held_because": None, "due": moment}
        with self.inside():
            db.session.execute(db.update(Delivery).where(*unsent).values(values))
            db.session.commit()

    def give_credits(self, course: str, level_number: int, credits: int) -> None:
        """Let a course give credits to the level that a walk has made."""
        with self.inside():
            query = db.select(SkillLevel).filter_by(level=level_number)
            level = db.session.scalars(query).one()
            values = {"course_id": self.ids[course], "credits": credits}
            db.session.add(CourseCredit(skill_level_id=level.id, **values))
            db.session.commit()

    def _person(self, name: str, *, roles: set[str] | None = None) -> Person:
        email = f"{name}@example.org"
        return with_password(make_person(f"{name.title()} Larsson", roles=roles, email=email))

    def _yearly(self, otto: Person, badge, safety: Course) -> Certification:
        made = Certification(
            title="Yearly safety certificate",
            description="Shown once a year.",
            state=ObjectState.PUBLISHED,
            owners=[otto],
            badge=badge,
            validity_months=12,
            renewal_days=60,
        )
        made.courses.append(CertificationCourse(course_id=safety.id, position=0))
        db.session.add(made)
        db.session.commit()
        return made

    def _complete(self, learner: Person, what, at: datetime, through: Course | None = None) -> None:
        completions.enrol(learner=learner, learning_object=what, now=at)
        course = through or what
        completions.enrol(learner=learner, learning_object=course, now=at)
        completions.complete(learner=learner, course_id=course.id, now=at)
