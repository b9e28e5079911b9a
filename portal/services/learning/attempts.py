"""A learner's attempt at a course, read as plain values: all that completing it asks, with one
statement. As mapped objects, one by one, they took a fifth of the time of a completion.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, select

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    Course,
    CourseCredit,
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    Module,
    ObjectState,
    Person,
    Policy,
)


class CourseFacts(NamedTuple):
    """A course, as far as completing it asks."""

    id: int
    kind: Kind
    state: ObjectState
    badge_id: int | None
    earned_again: bool
    hold_minutes: int
    policy: Policy


class MayFollow(NamedTuple):
    """What may come of a completion besides the badge of what was completed: most stand alone."""

    on_more: bool  # the learner is on a path or certification
    gives: bool  # what was completed gives credits


@dataclass
class Attempt:
    """An attempt at a course; what `Enrolment` says of it has the same name here."""

    id: int
    learner_id: int
    learning_object_id: int
    attempt: int
    completed_at: datetime | None
    expires_at: datetime | None
    renews: bool
    undone_at: datetime | None
    requirements: dict[str, Any] | None
    learning_object: CourseFacts
    has_modules: bool
    may_follow: MayFollow

    @property
    def done(self) -> bool:
        """Whether this attempt is over with a completion."""
        return self.completed_at is not None


Finished = Enrolment | Attempt  # what was completed just now, read either way

_ENROLMENT, _OBJECT, _COURSE = Enrolment.__table__, LearningObject.__table__, Course.__table__
_OTHER, _ABOUT = _ENROLMENT.alias("other"), _OBJECT.alias("about")
_MODULE, _CREDIT = Module.__table__, CourseCredit.__table__
_OF_ATTEMPT = [_ENROLMENT.c[one.name] for one in fields(Attempt) if one.name in _ENROLMENT.c]
_OF_COURSE = [*(_OBJECT.c[name] for name in CourseFacts._fields[:-1]), _COURSE.c.policy]


def _on_more(theirs: ColumnElement[bool]) -> Select:
    return (
        select(_OTHER.c.id)
        .join(_ABOUT, _ABOUT.c.id == _OTHER.c.learning_object_id)
        .where(theirs, _OTHER.c.state.in_(OPEN_ENROLMENTS), _ABOUT.c.kind != Kind.COURSE)
    )


def _gives(courses: ColumnElement[bool]) -> Select:
    return select(_CREDIT.c.course_id).where(courses)


# The open attempts of these learners, those at courses left out.
ON_MORE_THAN_COURSES = _on_more(_OTHER.c.learner_id.in_(bindparam("learner_ids", expanding=True)))
_WHAT_MAY_FOLLOW = select(
    ON_MORE_THAN_COURSES.exists(),
    _gives(_CREDIT.c.course_id.in_(bindparam("course_ids", expanding=True))).exists(),
)
_NEWEST = (
    select(
        *_OF_ATTEMPT,
        *_OF_COURSE,
        select(_MODULE.c.id)
        .where(_MODULE.c.course_id == _COURSE.c.id, ~_MODULE.c.removed)
        .exists(),
        _on_more(_OTHER.c.learner_id == _ENROLMENT.c.learner_id).exists(),
        _gives(_CREDIT.c.course_id == _COURSE.c.id).exists(),
    )
    .select_from(_ENROLMENT)
    .join(_OBJECT, _OBJECT.c.id == _ENROLMENT.c.learning_object_id)
    .join(_COURSE, _COURSE.c.id == _OBJECT.c.id)
    .where(_ENROLMENT.c.learner_id == bindparam("learner_id"))
    .where(_ENROLMENT.c.learning_object_id == bindparam("course_id"))
    .where(_ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .order_by(_ENROLMENT.c.attempt.desc())
    .limit(1)
)


def newest(learner: Person, course_id: int) -> Attempt | None:
    """Return the learner's newest attempt that they did not withdraw from; None without one."""
    given = {"learner_id": learner.id, "course_id": course_id}
    row = db.session.execute(_NEWEST, given).first()
    if row is None:
        return None
    of_attempt, rest = row[: len(_OF_ATTEMPT)], row[len(_OF_ATTEMPT) :]
    of_course, (has_modules, *follow) = rest[: len(_OF_COURSE)], rest[len(_OF_COURSE) :]
    return Attempt(*of_attempt, CourseFacts(*of_course), has_modules, MayFollow(*follow))


def what_may_follow(learner_ids: Collection[int], course_ids: Collection[int]) -> MayFollow:
    """Say what may come of it when these learners have completed these courses just now."""
    given = {"learner_ids": list(learner_ids), "course_ids": list(course_ids)}
    return MayFollow(*db.session.execute(_WHAT_MAY_FOLLOW, given).one())
