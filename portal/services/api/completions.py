"""Completions that another system tells of: recorded once, however often they are told.

The key of a request is a row of its own, written in the transaction of the completion: one is not
there without the other, and of two requests at the same moment only one writes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import ApiAnswer, Award, LearningObject, Person
from portal.policies import can_edit
from portal.services.api.moments import written
from portal.services.learning import enrolments, recording
from portal.services.people.one_time_links import code_hash
from portal.services.people.sign_in import as_stored

CLOCKS_APART = timedelta(minutes=5)  # so far ahead another system's clock may be


@dataclass(frozen=True)
class Told:
    """Who completed what, when, and how. Of person and object one of the two is given each.

    `said_as` is the name under which the moment came, None where it is now.
    """

    success: bool
    person_id: int | None = None
    email: str | None = None
    object_id: int | None = None
    source_id: str | None = None
    at: datetime | None = None
    said_as: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the other system is told, this time and every time it sends the same again."""

    status: int
    body: dict[str, Any]


def record(*, actor: Person, told: Told, key: str, request_hash: str, now: datetime) -> Answer:
    """Record a completion as staff do, with all that follows from it, in one transaction. Commits.

    Enrols where that is needed. What was completed before stays as it is, and the answer says so.
    A key that was used before gives the answer of that time. Raises RuleBroken, and keeps nothing,
    for a key that stood for another request and for what cannot be recorded.
    """
    actor_id, key_hash = actor.id, code_hash(key)
    kept = db.session.get(ApiAnswer, (actor_id, key_hash))
    if kept is not None:
        return _again(kept, request_hash)
    about, learner = _object(actor, told), _learner(told)
    at = _moment(told, now)
    refused = recording.why_refused(actor, learner)
    if refused is not None:
        raise RuleBroken(say(refused))
    row = ApiAnswer(
        person_id=actor_id,
        key_hash=key_hash,
        request_hash=request_hash,
        learner_id=learner.id,
        status=0,
        body={},
        created_at=now,
    )
    if not _is_first(row):
        return _again(db.session.get_one(ApiAnswer, (actor_id, key_hash)), request_hash)
    values = {"at": at, "success": told.success, "now": now}
    fresh = recording.record(actor=actor, learner=learner, learning_object=about, **values)
    row.status, row.body = 201 if fresh else 200, _body(fresh, learner, about)
    db.session.commit()
    return Answer(row.status, row.body)


def sweep(kept: timedelta, now: datetime) -> None:
    """Forget answers that were given longer ago than that. The caller commits."""
    old = delete(ApiAnswer).where(ApiAnswer.created_at < now - kept)
    db.session.execute(old.execution_options(synchronize_session=False))


def _is_first(row: ApiAnswer) -> bool:
    """Write the key down; False when another request at the same moment did, and is done."""
    db.session.add(row)
    try:
        db.session.flush()  # PostgreSQL waits here until the other one is done, or gave up
    except IntegrityError:
        db.session.rollback()
        return False
    return True


def _again(kept: ApiAnswer, request_hash: str) -> Answer:
    if kept.request_hash != request_hash:
        raise RuleBroken(say("api_key_used"), "Idempotency-Key")
    return Answer(kept.status, kept.body)


def _object(actor: Person, told: Told) -> LearningObject:
    field = "object_id" if told.source_id is None else "source_id"
    named = (
        LearningObject.id == told.object_id
        if told.source_id is None
        else LearningObject.source_id == told.source_id
    )
    found = [one for one in db.session.scalars(select(LearningObject).where(named))]
    theirs = [one for one in found if can_edit(actor, one)]
    if not theirs:
        raise RuleBroken(say("api_object_unknown"), field)
    # A course and a certification may have the same id where they come from.
    fit = [one for one in theirs if recording.can_be_recorded(one)]
    if not fit:
        raise RuleBroken(say("not_recordable"), field)
    if len(fit) > 1:
        raise RuleBroken(say("api_object_ambiguous"), field)
    return fit[0]


def _learner(told: Told) -> Person:
    query = select(Person).where(Person.erased_at.is_(None))
    if told.email is None:
        found = db.session.scalar(query.where(Person.id == told.person_id))
    else:
        found = db.session.scalar(query.where(Person.email == as_stored(told.email)))
    if found is None:
        raise RuleBroken(say("api_person_unknown"), "email" if told.email else "person_id")
    return found


def _moment(told: Told, now: datetime) -> datetime:
    if told.at is None:
        return now
    if told.at > now + CLOCKS_APART:
        raise RuleBroken(say("day_to_come"), told.said_as)
    return min(told.at, now)


def _body(fresh: bool, learner: Person, about: LearningObject) -> dict[str, Any]:
    attempt = enrolments.enrolment_of(learner, about)
    award = select(Award.id).filter_by(learner_id=learner.id, learning_object_id=about.id)
    return {
        "recorded": fresh,
        "person_id": learner.id,
        "object_id": about.id,
        "enrolment": None
        if attempt is None
        else {
            "id": attempt.id,
            "attempt": attempt.attempt,
            "state": attempt.state.value,
            "completed_at": written(attempt.completed_at),
            "success": attempt.success,
        },
        "award_id": db.session.scalar(award.order_by(Award.id.desc()).limit(1)),
    }
