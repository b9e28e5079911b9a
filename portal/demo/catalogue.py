"""What the demo teaches beside single courses: modules, skills, two paths, two certifications."""

import io
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal.demo.finding import TITLES, badge_called, object_called, person_called
from portal.demo.pictures import Look, draw
from portal.extensions import db
from portal.models import (
    Certification,
    Group,
    LearningObject,
    LearningPath,
    Module,
    ModuleKind,
    Skill,
)
from portal.services.learning import (
    certifications,
    course_skills,
    earlier,
    modules,
    objects,
    paths,
    skills,
)
from portal.services.learning.changing import ForStarted
from portal.services.learning.course_skills import SkillRow
from portal.services.learning.earlier_running import USUAL, work_on
from portal.services.learning.modules import Written
from portal.services.learning.paths import SectionPlan
from portal.services.learning.skills import LevelPlan
from portal.services.learning.sources import Source
from portal.services.means import Means
from portal.services.people import groups

MODULES = (
    Written("Who is who", content="Ask three people what they do here, and where they sit."),
    Written("A walk along the quay", content="Find the **lifebuoys**, the ladders and the bell."),
    Written("The rules of the harbour", address="https://example.org/harbour-rules"),
)
SKILLS = {
    "Ropework": ("Knots, bends, hitches and what they are good for.", (3, 6), ("Rope Hand", None)),
    "Navigation": (
        "To know where one is, and how to come home.",
        (4, 8),
        (None, "Coastal Navigator"),
    ),
}
# Course → skill, level, credits.
CREDITS = {
    "knots": (("Ropework", 1, 3), ("Ropework", 2, 3)),
    "dinghy": (("Ropework", 2, 3),),
    "charts": (("Navigation", 1, 2),),
    "weather": (("Navigation", 1, 2),),
    "tides": (("Navigation", 1, 2),),
}
PATHS = {
    "new-crew": (
        "The first weeks: come to know the place, then choose what you need first.",
        None,
        (("First of all", None, ("welcome",)), ("Choose one", 1, ("knots", "first-aid", "radio"))),
    ),
    "coastal-skipper": (
        "From the quay to a day's passage along the coast, step by step.",
        "Coastal Skipper",
        (
            ("Begin here", None, ("new-crew",)),
            ("On shore", None, ("charts", "weather")),
            ("On the water", 1, ("knots", "coastal-navigation", "tides")),
        ),
    ),
}
LATE_BADGE = "Welcome Aboard"  # attached when people had completed it already
AWARDED_LATE = "Proven on the Water"  # so was this; those who had were awarded it since
WHY_LATE = "The badge is new; whoever passed before has earned it, too."
# What people who began the first path earlier need not know of.
NEW_CHOICE = ("knots", "first-aid", "radio", "weather")
MAP_TITLE, MAP = "A map to take along", Look("shield", "pine", "route")


class Catalogue:
    """Makes what is not there yet."""

    def __init__(self, means: Means, now: datetime) -> None:
        self.means, self.now = means, now
        self.otto, self.astrid = person_called("author"), person_called("admin")

    def make(self) -> None:
        """Make everything before anybody learns."""
        self._modules()
        for name in SKILLS:
            if db.session.scalar(select(Skill.id).filter_by(name=name)) is None:
                self._skill(name)
        for course, rows in CREDITS.items():
            chosen = [SkillRow(self._skill_id(name), level, n) for name, level, n in rows]
            course_skills.set_credits(
                actor=self.otto, course=object_called(course), rows=chosen, now=self.now
            )
        for word in PATHS:
            self._path(word)
        self._certifications()
        self._group()

    def attach_late(self) -> None:
        """Attach badges to what people completed without one. Of one of them those who had are
        awarded it; of the other they still wait."""
        self._attach(object_called("welcome"), LATE_BADGE)
        course = object_called("assessment")
        self._attach(course, AWARDED_LATE)
        source = Source(learning_object=course)
        if not earlier.newest_runs_of(source):
            earlier.start(
                actor=self.otto, source=source, reason=WHY_LATE, suppress_mail=True, now=self.now
            )
        while work_on(self.means, self.now, USUAL):
            continue

    def change(self, now: datetime) -> None:
        """Let a path ask for something else; those who have begun keep what they began with."""
        path = object_called("new-crew")
        assert isinstance(path, LearningPath)  # noqa: S101 — it was made as one
        first, choice = PATHS["new-crew"][2]
        sections = [first, (choice[0], choice[1], NEW_CHOICE)]
        keep = ForStarted.KEEP
        plans = _plans(sections)
        paths.save_steps(
            actor=self.otto, path=path, ordered=False, sections=plans, now=now, answer=keep
        )

    def _modules(self) -> None:
        course = object_called("welcome")
        there = set(db.session.scalars(select(Module.title).filter_by(course_id=course.id)))
        for one in MODULES:
            if one.title not in there:
                self._module(course, one, ModuleKind.ADDRESS if one.address else ModuleKind.TEXT)
        if MAP_TITLE not in there:
            picture = io.BytesIO(draw(MAP))
            self._module(course, Written(MAP_TITLE, file=(picture, "map.png")), ModuleKind.FILE)

    def _module(self, course: LearningObject, written: Written, kind: ModuleKind) -> None:
        modules.create(
            actor=self.otto,
            course=course,
            kind=kind,
            written=written,
            answer=None,
            means=self.means,
            now=self.now,
        )

    def _skill(self, name: str) -> None:
        description, credits, names = SKILLS[name]
        plans = [
            LevelPlan(needed, badge_called(badge) if badge else None)
            for needed, badge in zip(credits, names, strict=True)
        ]
        values = {"name": name, "description": description, "plans": plans}
        skills.create(actor=self.astrid, now=self.now, **values)

    def _skill_id(self, name: str) -> int:
        return db.session.scalars(select(Skill.id).filter_by(name=name)).one()

    def _path(self, word: str) -> None:
        description, badge, sections = PATHS[word]
        path = self._there(word)
        if path is None:
            path = paths.create(
                actor=self.otto, title=TITLES[word], description=description, earned_again=False
            )
        plans = _plans(sections)
        assert isinstance(path, LearningPath)  # noqa: S101 — it was made as one
        if not path.sections:
            paths.save_steps(
                actor=self.otto, path=path, ordered=bool(badge), sections=plans, now=self.now
            )
        if badge:
            rows = [SkillRow(self._skill_id("Navigation"), 2)]
            course_skills.set_levels(actor=self.otto, path=path, rows=rows, now=self.now)
        self._publish(path, badge)

    def _certifications(self) -> None:
        values = {"actor": self.otto, "earned_again": False, "renewal_days": 60}
        yearly = self._there("safety-certificate") or certifications.create(
            title=TITLES["safety-certificate"],
            description="Everybody who works on the quay shows once a year that they know how.",
            external=False,
            validity_months=12,
            **values,
        )
        assert isinstance(yearly, Certification)  # noqa: S101 — it was made as one
        if not yearly.courses:
            certifications.save_courses(
                actor=self.otto,
                certification=yearly,
                needed=None,
                course_ids=[object_called(one).id for one in ("safety", "first-aid")],
                now=self.now,
            )
        self._publish(yearly, "Harbour Safety Certificate")
        licence = self._there("radio-licence") or certifications.create(
            title=TITLES["radio-licence"],
            description="You hold a licence from elsewhere? Show it every year; it counts here.",
            external=True,
            validity_months=12,
            **values,
        )
        self._publish(licence, "Radio Licence Holder")

    def _group(self) -> None:
        if db.session.scalar(select(Group.id).filter_by(name="Summer crew")) is not None:
            return
        crew = groups.create(
            actor=self.astrid,
            name="Summer crew",
            description="Who helps out from June to August.",
            now=self.now,
        )
        wanted = [person_called(one) for one in ("farid.rahimi", "jonas.ek", "pedro.alonso")]
        groups.add(actor=self.astrid, group=crew, people=wanted, now=self.now)

    def _there(self, word: str) -> LearningObject | None:
        return db.session.scalar(select(LearningObject).filter_by(title=TITLES[word]))

    def _publish(self, one: LearningObject, badge: str | None) -> None:
        if badge:
            self._attach(one, badge)
        objects.publish(actor=self.otto, learning_object=one, now=self.now)

    def _attach(self, one: LearningObject, name: str) -> None:
        badge = badge_called(name)
        if one.badge_id is None:
            objects.attach_badge(actor=self.otto, learning_object=one, badge=badge, now=self.now)


def _plans(sections: Sequence[tuple[str, int | None, tuple[str, ...]]]) -> list[SectionPlan]:
    return [
        SectionPlan(title, needed, tuple(object_called(one).id for one in steps))
        for title, needed, steps in sections
    ]
