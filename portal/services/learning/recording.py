"""Completions that staff record for others: one, many, or a file of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Certification,
    Course,
    Enrolment,
    LearningObject,
    ObjectState,
    Person,
)
from portal.policies import can_decide_about
from portal.services import audit
from portal.services.learning import chain, completions, enrolments
from portal.services.learning.beginnings import begin
from portal.services.locks import lock


@dataclass(frozen=True)
class Recorded:
    """How many are completed now, and how many had been before and stay as they were; and who was
    left out: by the code of the reason."""

    fresh: int
    there: int
    left_out: dict[str, list[Person]]


def can_be_recorded(learning_object: LearningObject) -> bool:
    """Whether staff may say that somebody completed it.

    Courses and external certifications; all else follows from what it is made of.
    """
    if learning_object.state is ObjectState.DRAFT:
        return False
    return isinstance(learning_object, Course) or (
        isinstance(learning_object, Certification) and learning_object.external
    )


def record_people(
    *,
    actor: Person,
    learning_object: LearningObject,
    people: Collection[Person],
    at: datetime,
    success: bool,
    now: datetime,
) -> Recorded:
    """Record that these people completed it, with or without success.

    One transaction for each person, with all that follows from it for them: broken off, it can
    simply be done again. Whoever is deactivated, or would record themselves, is left out. Raises
    RuleBroken when nobody can record this, or the day is to come.
    """
    if not can_be_recorded(learning_object):
        raise RuleBroken(say("not_recordable"))
    if at > now:
        raise RuleBroken(say("day_to_come"), "day")
    fresh, there = 0, 0
    left_out: dict[str, list[Person]] = {}
    for learner in people:
        refused = why_refused(actor, learner)
        if refused is not None:
            left_out.setdefault(refused, []).append(learner)
            continue
        done = record(
            actor=actor,
            learner=learner,
            learning_object=learning_object,
            at=at,
            success=success,
            now=now,
        )
        db.session.commit()
        fresh += done
        there += not done
    return Recorded(fresh, there, left_out)


def why_refused(actor: Person | None, learner: Person) -> str | None:
    """Return the code of why `actor` cannot record anything for this person; None if they can."""
    if not learner.active:
        return "learner_inactive"
    own = actor is not None and not can_decide_about(actor, learner)
    return "own_completion" if own else None


def would_be_recorded(newest: Enrolment | None, *, success: bool) -> bool:
    """Whether there is something to record for whoever made this newest attempt (None: nobody).

    A completion stays as it is, unless a success can come after a failure or a renewal wants it.
    """
    if newest is None or not newest.done:
        return True
    return success and completions.may_begin_anew(newest)


def record(
    *,
    actor: Person | None,
    learner: Person,
    learning_object: LearningObject,
    at: datetime,
    success: bool,
    now: datetime,
) -> bool:
    """Complete it for somebody, who is enrolled for it where they were not; False when they had
    completed it already. Commits nothing.

    A success after a failure, or where a renewal wants it again, is a new attempt.
    """
    lock(learner)
    newest = enrolments.enrolment_of(learner, learning_object)
    if not would_be_recorded(newest, success=success):
        return False
    if newest is None or not newest.is_open:
        before = enrolments.newest_attempt(learner, learning_object)
        newest = begin(learner, learning_object, before, at, actor)
        db.session.flush()
    chain.finish(newest, at=at, now=now, success=success, recorded_by=actor)
    audit.note(
        "enrolment.record",
        actor=actor,
        now=now,
        subject=newest,
        person=learner,
        success=success,
    )
    return True
