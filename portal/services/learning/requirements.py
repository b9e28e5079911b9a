"""How far a learner is: what an object or a skill level requires, what is done, what is missing.

Reads only, and in a fixed number of statements, however much is required.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    Course,
    CourseCredit,
    EarnedCredit,
    Enrolment,
    Kind,
    LearningObject,
    Module,
    ModuleDone,
    Person,
    ReachedLevel,
    SkillLevel,
)
from portal.services.learning import credits, rules
from portal.services.learning.enrolments import enrolments_for
from portal.services.learning.fulfilment import counted, times_of
from portal.services.learning.rules import Rule, Section


@dataclass(frozen=True)
class Item:
    """One thing that counts: a module of a course, or an object of a path or certification."""

    id: int
    done_at: datetime | None
    # Whether it, or enough of its part, must be done; False for what is only offered.
    required: bool
    # Whether it is its turn, in a path that is worked through in order.
    open_now: bool
    module: Module | None = None
    learning_object: LearningObject | None = None
    # The learner's newest attempt at the object.
    enrolment: Enrolment | None = None


@dataclass(frozen=True)
class Part:
    """One section: how many of its items are needed, and how far that is."""

    title: str
    needed: int
    items: tuple[Item, ...]
    done_count: int

    @property
    def fulfilled(self) -> bool:
        """Whether enough of it is done."""
        return self.done_count >= self.needed


@dataclass(frozen=True)
class Progress:
    """The whole of an object. What asks for nothing is never fulfilled by itself."""

    parts: tuple[Part, ...]
    fulfilled: bool
    ordered: bool = False

    @property
    def done_count(self) -> int:
        """How much of what is needed is done; never more than is needed."""
        return sum(min(part.done_count, part.needed) for part in self.parts)

    @property
    def needed_count(self) -> int:
        """How much is needed."""
        return sum(part.needed for part in self.parts)


@dataclass(frozen=True)
class CreditsFrom:
    """What one course gave the learner, or could give."""

    course: Course
    credits: int
    earned_at: datetime | None = None


@dataclass(frozen=True)
class LevelProgress:
    """A learner before a skill level."""

    level: SkillLevel
    needed: int
    have: int
    reached: ReachedLevel | None
    can_be_reached: bool
    gave: tuple[CreditsFrom, ...]
    could_give: tuple[CreditsFrom, ...]

    @property
    def missing(self) -> int:
        """How many credits are still to be earned."""
        return max(0, self.needed - self.have)


def progress_of(
    learner: Person, learning_object: LearningObject, enrolment: Enrolment | None
) -> Progress:
    """Return how far the learner is with an attempt, by what holds for it.

    Without an attempt: by what holds now, counting whatever was completed earlier.
    """
    if enrolment is None:
        rule = rules.of_object(learning_object)
    else:
        rule = rules.of_enrolments([enrolment])[enrolment.id]
    if learning_object.kind is Kind.COURSE:
        return _progress(rule, _modules_done(enrolment), _modules(rule), {}, {})
    times = times_of(learner, rule.items)
    done = {one: min(at) for one, at in times.items()}
    if enrolment is not None:
        done = counted(enrolment, times)
    objects = _objects(rule)
    attempts = enrolments_for(learner, list(objects.values()))
    return _progress(rule, done, {}, objects, attempts)


def progress_of_level(learner: Person, skill_level: SkillLevel) -> LevelProgress:
    """Return how a learner stands before a level: what gave credits, and what could."""
    standing = credits.standings_of(learner, [skill_level.id])[skill_level.id]
    reached = db.session.get(ReachedLevel, (learner.id, skill_level.id))
    query = (
        select(EarnedCredit, Course)
        .join(Course, Course.id == EarnedCredit.course_id)
        .where(EarnedCredit.learner_id == learner.id)
        .where(EarnedCredit.skill_level_id == skill_level.id)
        .order_by(EarnedCredit.earned_at, EarnedCredit.course_id)
    )
    gave = tuple(
        CreditsFrom(course, earned.credits, earned.earned_at)
        for earned, course in db.session.execute(query)
    )
    offers = (
        select(CourseCredit.credits, Course)
        .join(Course, Course.id == CourseCredit.course_id)
        .where(CourseCredit.skill_level_id == skill_level.id)
        .where(CourseCredit.course_id.not_in([one.course.id for one in gave]))
        .order_by(Course.title, Course.id)
        .options(joinedload(Course.badge))
    )
    could = tuple(CreditsFrom(course, given) for given, course in db.session.execute(offers))
    have = sum(one.credits for one in gave)
    return LevelProgress(
        skill_level, standing.needed, have, reached, standing.can_be_reached, gave, could
    )


def _progress(
    rule: Rule,
    done: Mapping[int, datetime],
    modules: Mapping[int, Module],
    objects: Mapping[int, LearningObject],
    attempts: Mapping[int, Enrolment],
) -> Progress:
    parts = []
    turn = True
    for section in rule.sections:
        opened = _turns(section, done) if rule.ordered else set(section.items)
        items = tuple(
            Item(
                id=one,
                done_at=done.get(one),
                required=section.wanted > 0,
                open_now=one in done or (turn and one in opened),
                module=modules.get(one),
                learning_object=objects.get(one),
                enrolment=attempts.get(one),
            )
            for one in section.items
        )
        parts.append(Part(section.title, section.wanted, items, section.count(done)))
        turn = turn and (section.fulfilled_by(done) or not rule.ordered)
    return Progress(tuple(parts), rule.fulfilled_by(done), rule.ordered)


def _turns(section: Section, done: Mapping[int, datetime]) -> set[int]:
    """What may be begun within a section: the next one, or any where only some are needed."""
    if section.wanted < len(section.items):
        return set(section.items)
    left = [one for one in section.items if one not in done]
    return set(left[:1])


def _modules_done(enrolment: Enrolment | None) -> dict[int, datetime]:
    if enrolment is None:
        return {}
    query = select(ModuleDone).filter_by(enrolment_id=enrolment.id)
    return {one.module_id: one.done_at for one in db.session.scalars(query)}


def _modules(rule: Rule) -> dict[int, Module]:
    query = select(Module).where(Module.id.in_(rule.items))
    return {one.id: one for one in db.session.scalars(query)}


def _objects(rule: Rule) -> dict[int, LearningObject]:
    query = select(LearningObject).where(LearningObject.id.in_(rule.items))
    query = query.options(joinedload(LearningObject.badge))
    return {one.id: one for one in db.session.scalars(query)}
