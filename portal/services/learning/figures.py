"""Figures of learning: how many complete what they are on, and which skill levels are reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    Enrolment,
    EnrolmentState,
    LearningObject,
    ReachedLevel,
    SkillLevel,
)
from portal.services.periods import Window

MOST_SHOWN = 10
_DONE = (Enrolment.state == EnrolmentState.COMPLETED) & Enrolment.success.is_not(False)


@dataclass(frozen=True)
class Completion:
    """Of those who enrolled on an object and did not withdraw, how many have completed it."""

    about: LearningObject
    enrolled: int
    completed: int

    @property
    def share(self) -> int:
        """The completed ones in per cent, a whole number."""
        return per_cent(self.completed, self.enrolled)


@dataclass(frozen=True)
class Completions:
    """The objects with the most enrolments, and the sums of all of them."""

    enrolled: int
    completed: int
    objects: int
    most: Sequence[Completion]


@dataclass(frozen=True)
class Levels:
    """The skill levels that most people reached, and the sums of all."""

    reached: int
    levels: int
    most: Sequence[tuple[SkillLevel, int]]


def per_cent(part: int, whole: int) -> int:
    """Return the share, rounded; never 100 while something is missing, nor 0 while something is."""
    if not whole or part in {0, whole}:
        return 100 if whole and part else 0
    return min(99, max(1, round(part * 100 / whole)))


def completions(window: Window, *, most: int | None = MOST_SHOWN) -> Completions:
    """Return how far the enrolments of the period have come; the most enrolled objects first."""
    counted = _by_object(_enrolled_in(window)).subquery()
    enrolled, completed = counted.c.enrolled, counted.c.completed
    query = (
        select(LearningObject, enrolled, completed)
        .add_columns(func.sum(enrolled).over(), func.sum(completed).over(), func.count().over())
        .join(counted, counted.c.id == LearningObject.id)
        .order_by(enrolled.desc(), LearningObject.title, LearningObject.id)
        .limit(most)
    )
    rows = db.session.execute(query).all()
    sums = map(int, rows[0][3:]) if rows else (0, 0, 0)
    return Completions(*sums, [Completion(*row[:3]) for row in rows])


def completion_of(object_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Return of each of these objects how many enrolled and did not withdraw, how many of them
    completed it, and these in per cent."""
    query = _by_object((LearningObject.id.in_(object_ids), _still_on()))
    return {row[0]: (row[1], row[2], per_cent(row[2], row[1])) for row in db.session.execute(query)}


def levels(window: Window, *, most: int | None = MOST_SHOWN) -> Levels:
    """Return how often which skill level was reached in the period; the most reached first."""
    reached_in = window.period.holds(ReachedLevel.reached_at)
    counted = (
        select(ReachedLevel.skill_level_id, func.count().label("reached"))
        .where(reached_in, window.people(ReachedLevel.learner_id))
        .group_by(ReachedLevel.skill_level_id)
        .subquery()
    )
    query = (
        select(SkillLevel, counted.c.reached)
        .add_columns(func.sum(counted.c.reached).over(), func.count().over())
        .join(counted, counted.c.skill_level_id == SkillLevel.id)
        .options(joinedload(SkillLevel.skill))
        .order_by(counted.c.reached.desc(), SkillLevel.id)
        .limit(most)
    )
    rows = db.session.execute(query).all()
    sums = map(int, rows[0][2:]) if rows else (0, 0)
    return Levels(*sums, [(row[0], row[1]) for row in rows])


def _by_object(conditions: tuple[ColumnElement[bool], ...]) -> Select:
    """Count from the objects: the enrolments on one of a time stand side by side in an index."""
    return (
        select(
            LearningObject.id,
            func.count().label("enrolled"),
            func.count().filter(_DONE).label("completed"),
        )
        .join(Enrolment, Enrolment.learning_object_id == LearningObject.id)
        .where(*conditions)
        .group_by(LearningObject.id)
    )


def _enrolled_in(window: Window) -> tuple[ColumnElement[bool], ...]:
    people = window.people(Enrolment.learner_id)
    return window.period.holds(Enrolment.enrolled_at), people, _still_on()


def _still_on() -> ColumnElement[bool]:
    return Enrolment.state != EnrolmentState.WITHDRAWN
