"""What learners have completed, and whether it fulfils what an attempt requires. Reads only."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from portal.extensions import db
from portal.models import Enrolment, Person
from portal.services.learning.attempts import Finished
from portal.services.learning.rules import Rule

Times = dict[int, list[datetime]]  # by the object's id: whenever it was completed with success


def times_of(learner: Person, object_ids: Collection[int]) -> Times:
    """Return when the learner completed these objects, with success, by the object's id."""
    return times_of_all([learner.id], object_ids)[learner.id]


def times_of_all(learner_ids: Collection[int], object_ids: Collection[int]) -> dict[int, Times]:
    """Return the same for many learners, by the learner's id."""
    query = select(
        Enrolment.learner_id, Enrolment.learning_object_id, Enrolment.completed_at
    ).where(
        Enrolment.learner_id.in_(learner_ids),
        Enrolment.learning_object_id.in_(object_ids),
        Enrolment.success.is_(True),
    )
    times: dict[int, Times] = {one: {} for one in learner_ids}
    for learner_id, object_id, at in db.session.execute(query):
        times[learner_id].setdefault(object_id, []).append(at)
    return times


def counted(enrolment: Enrolment, times: Times) -> dict[int, datetime]:
    """Return what counts for an attempt, and since when: for a renewal only what is new."""
    since = enrolment.enrolled_at if enrolment.renews else None
    found: dict[int, datetime] = {}
    for object_id, moments in times.items():
        usable = [at for at in moments if since is None or at >= since]
        if usable:
            found[object_id] = min(usable)
    return found


def fulfilled_at(rule: Rule, done: Mapping[int, datetime]) -> datetime | None:
    """Return when these completions fulfilled the rule; None while they do not."""
    if not rule.fulfilled_by(done):
        return None
    moments: list[datetime] = []
    for section in rule.sections:
        own = sorted(done[item] for item in section.items if item in done)
        moments += own[: section.wanted]
    return max(moments, default=min(done.values(), default=None))


def completed_before(enrolments: Collection[Finished]) -> set[int]:
    """Return the ids of those attempts before which the same object was completed, with success."""
    later = [one for one in enrolments if one.attempt > 1]
    if not later:
        return set()
    query = select(Enrolment.learner_id, Enrolment.learning_object_id, Enrolment.attempt).where(
        Enrolment.learner_id.in_({one.learner_id for one in later}),
        Enrolment.learning_object_id.in_({one.learning_object_id for one in later}),
        Enrolment.success.is_(True),
    )
    first: dict[tuple[int, int], int] = {}
    for learner_id, object_id, attempt in db.session.execute(query):
        key = learner_id, object_id
        first[key] = min(attempt, first.get(key, attempt))
    return {
        one.id
        for one in later
        if first.get((one.learner_id, one.learning_object_id), one.attempt) < one.attempt
    }
