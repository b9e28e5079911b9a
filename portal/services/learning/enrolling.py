"""Enrolling others: one person or many, by owners and administrators."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import LearningObject, ObjectState, Person
from portal.services import audit
from portal.services.learning import completions


@dataclass(frozen=True)
class Enrolled:
    """How many were put on it and were on it already; and who cannot be: they are deactivated."""

    fresh: int
    there: int
    inactive: list[Person]


def enrol_people(
    *,
    actor: Person,
    learning_object: LearningObject,
    people: Collection[Person],
    due_at: datetime | None,
    now: datetime,
) -> Enrolled:
    """Enrol these people; whoever is on it already only gets the new due day, if there is one.

    A transaction for each person, so that nobody waits for all the others: broken off, it can
    simply be done again. Raises RuleBroken when the object is not published, or the due day over.
    """
    if learning_object.state is not ObjectState.PUBLISHED:
        raise RuleBroken(say("not_published"))
    if due_at is not None and due_at <= now:
        raise RuleBroken(say("due_is_over"), "due")
    active = [one for one in people if one.active]
    fresh = [one.id for one in active if _enrol(actor, one, learning_object, due_at, now)]
    audit.note("enrolment.add", actor=actor, now=now, subject=learning_object, people=fresh)
    db.session.commit()
    return Enrolled(len(fresh), len(active) - len(fresh), [one for one in people if not one.active])


def _enrol(
    actor: Person,
    learner: Person,
    learning_object: LearningObject,
    due_at: datetime | None,
    now: datetime,
) -> bool:
    """Say whether they were not on it before."""
    enrolment = completions.enrol(
        learner=learner, learning_object=learning_object, now=now, by=actor, due_at=due_at
    )
    return enrolment.enrolled_at == now and enrolment.enrolled_by_id == actor.id
