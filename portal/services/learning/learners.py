"""The people on a learning object, as its owners and administrators see them."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Enrolment,
    EnrolmentState,
    GroupMember,
    LearningObject,
    Person,
)
from portal.services.mentions import names_person
from portal.services.paging import Page, page_of

_PIECE = 500
_DONE = EnrolmentState.COMPLETED


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
    page: int,
) -> Page:
    """Return a page of the enrolments on an object, by name; each attempt is a row of its own."""
    query = _narrowed(learning_object, q, standing, group_id, now)
    order = (Person.last_name, Person.first_name, Person.id, Enrolment.attempt.desc())
    return page_of(query.order_by(*order), page)


def every_of(
    learning_object: LearningObject, *, q: str, standing: str, group_id: int, now: datetime
) -> Iterator[Enrolment]:
    """Yield all of them, in the order in which they were enrolled, a bounded number at a time."""
    query, last = _narrowed(learning_object, q, standing, group_id, now), 0
    while True:
        piece = query.where(Enrolment.id > last).order_by(Enrolment.id).limit(_PIECE)
        rows = db.session.scalars(piece).unique().all()
        yield from rows
        if len(rows) < _PIECE:
            return
        last = rows[-1].id


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


def _narrowed(
    learning_object: LearningObject, q: str, standing: str, group_id: int, now: datetime
) -> Select:
    query = (
        select(Enrolment)
        .join(Enrolment.learner)
        .where(Enrolment.learning_object_id == learning_object.id)
        .options(contains_eager(Enrolment.learner))
    )
    if q:
        query = query.where(names_person(q))
    if group_id:
        members = select(GroupMember.person_id).filter_by(group_id=group_id)
        query = query.where(Enrolment.learner_id.in_(members))
    return query.where(*_standing(standing, now))


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
