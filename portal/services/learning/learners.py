"""The people on a learning object, as its owners and administrators see them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, join, select
from sqlalchemy.orm import contains_eager

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Award,
    Enrolment,
    EnrolmentState,
    GroupMember,
    LearningObject,
    Person,
)
from portal.services.issuing import awards
from portal.services.issuing.marks import Marks, marks_of
from portal.services.mentions import names_person
from portal.services.slices import MOST, START, Order, Place, Slice, slice_of

_PIECE = 500
_DONE = EnrolmentState.COMPLETED
_BY_NAME = Order(
    # The newest attempt of each first.
    (Person.last_name, Person.first_name, Person.id, -Enrolment.attempt, Enrolment.id),
    source=join(Enrolment, Person, Enrolment.learner_id == Person.id),
)


class Standing(StrEnum):
    """What a list can be narrowed to: the states of an enrolment, and two more."""

    ENROLLED = "enrolled"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    UNSUCCESSFUL = "unsuccessful"
    OVERDUE = "overdue"
    WITHDRAWN = "withdrawn"


def enrolment_on(learning_object: LearningObject, enrolment_id: int) -> Enrolment:
    """Return one enrolment on this object; raise NotFound."""
    found = db.session.get(Enrolment, enrolment_id)
    if found is None or found.learning_object_id != learning_object.id:
        raise NotFound
    return found


def list_of(
    learning_object: LearningObject,
    *,
    q: str,
    standing: str,
    group_id: int,
    now: datetime,
    place: Place = START,
) -> Slice:
    """Return a page of the enrolments on an object, by name; each attempt is a row of its own."""
    conditions = _conditions(q, standing, group_id, now)
    ids = select(Enrolment.id).join(Enrolment.learner).where(*conditions)
    load = select(Enrolment).join(Enrolment.learner).options(contains_eager(Enrolment.learner))
    return slice_of(
        ids.where(Enrolment.learning_object_id == learning_object.id),
        load,
        _BY_NAME,
        place,
        # Not found by its index: people are walked by name, and each is asked whether they are on.
        common=ids.where(Enrolment.learning_object_id + 0 == learning_object.id),
        most=MOST,
    )


def every_of(
    learning_object: LearningObject, *, q: str, standing: str, group_id: int, now: datetime
) -> Iterator[tuple[Enrolment, Award | None, Marks]]:
    """Yield all of them with what they earned and its marks, in the order of their enrolment.

    A bounded number is held at a time.
    """
    query, last = (
        (
            select(Enrolment)
            .join(Enrolment.learner)
            .where(Enrolment.learning_object_id == learning_object.id)
            .where(*_conditions(q, standing, group_id, now))
            .options(contains_eager(Enrolment.learner))
        ),
        0,
    )
    while True:
        piece = query.where(Enrolment.id > last).order_by(Enrolment.id).limit(_PIECE)
        rows = db.session.scalars(piece).unique().all()
        earned = awards_of(learning_object, rows)
        marks = marks_of(earned.values())
        yield from ((one, earned.get(one.id), marks) for one in rows)
        if len(rows) < _PIECE:
            return
        last = rows[-1].id


def awards_of(learning_object: LearningObject, enrolments: Sequence[Enrolment]) -> dict[int, Award]:
    """Return what each of these attempts earned, by the enrolment's id.

    An award belongs to the attempt that was the last to be completed when it was earned.
    """
    people = {one.learner_id for one in enrolments}
    query = (
        select(Enrolment.id, Enrolment.learner_id, Enrolment.completed_at)
        .where(Enrolment.learning_object_id == learning_object.id)
        .where(Enrolment.learner_id.in_(people))
        .where(Enrolment.completed_at.is_not(None), Enrolment.success.is_not(False))
        .order_by(Enrolment.completed_at, Enrolment.attempt)
    )
    done = defaultdict(list)
    for row in db.session.execute(query):
        done[row.learner_id].append(row)
    found, asked = {}, {one.id for one in enrolments}
    for award in awards.every_through(learning_object.id, people):
        attempts = done[award.learner_id]
        # Whoever completed it anew, after an undo, did so after what they earned.
        before = [one for one in attempts if one.completed_at <= award.earned_at] or attempts[:1]
        found.update({one.id: award for one in before[-1:] if one.id in asked})
    return found


def counts_of(learning_object: LearningObject, now: datetime) -> dict[str, int]:
    """Return how many enrolments are in each state, and how many of them are overdue."""
    query = (
        select(Enrolment.state, Enrolment.success, func.count())
        .where(Enrolment.learning_object_id == learning_object.id)
        .group_by(Enrolment.state, Enrolment.success)
    )
    counts: dict[str, int] = {}
    for state, success, count in db.session.execute(query):
        failed = state is _DONE and success is False
        name = Standing.UNSUCCESSFUL.value if failed else state.value
        counts[name] = counts.get(name, 0) + count
    late = select(func.count()).select_from(Enrolment).where(*_overdue(now))
    late = late.where(Enrolment.learning_object_id == learning_object.id)
    return counts | {Standing.OVERDUE.value: db.session.scalar(late) or 0}


def _conditions(
    q: str, standing: str, group_id: int, now: datetime
) -> tuple[ColumnElement[bool], ...]:
    found = (names_person(q),) if q else ()
    if group_id:
        members = select(GroupMember.person_id).filter_by(group_id=group_id)
        found += (Enrolment.learner_id.in_(members),)
    return (*found, *_standing(standing, now))


def _standing(standing: str, now: datetime) -> tuple:
    if standing == Standing.OVERDUE:
        return _overdue(now)
    if standing == Standing.UNSUCCESSFUL:
        return Enrolment.state == _DONE, Enrolment.success.is_(False)
    if standing == Standing.COMPLETED:
        return Enrolment.state == _DONE, Enrolment.success.is_not(False)
    return (Enrolment.state == standing,) if standing in set(EnrolmentState) else ()


def _overdue(now: datetime) -> tuple:
    still_on = Enrolment.state.not_in([_DONE, EnrolmentState.WITHDRAWN])
    return still_on, Enrolment.due_at < now
