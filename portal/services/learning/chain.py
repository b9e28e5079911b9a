"""The chain: what a completion fulfils in turn, with every award, within one transaction.

Nothing here commits. Whoever calls has locked the learner's row (`locks`) before reading what the
decision rests on, so that two last courses at once see each other.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select, update
from sqlalchemy.orm import contains_eager, with_polymorphic

from portal.clock import months_later
from portal.extensions import db
from portal.models import (
    Certification,
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    LearningPath,
    Person,
)
from portal.services.learning import credits, rules
from portal.services.learning.attempts import (
    ON_MORE_THAN_COURSES,
    Attempt,
    Finished,
    MayFollow,
    what_may_follow,
)
from portal.services.learning.earning import award, earned_by
from portal.services.learning.fulfilment import (
    Times,
    counted,
    fulfilled_at,
    times_of_all,
)
from portal.services.learning.rules import Rule
from portal.services.locks import lock

_ENROLMENT = Enrolment.__table__
_END = update(_ENROLMENT).where(_ENROLMENT.c.id == bindparam("attempt_id"))


def lock_enrolment(enrolment: Enrolment) -> None:
    """Lock the learner of an attempt, and read the attempt as it stands by then."""
    lock(enrolment.learner)
    db.session.refresh(enrolment)


def finish(
    enrolment: Enrolment,
    *,
    at: datetime,
    now: datetime,
    success: bool = True,
    recorded_by: Person | None = None,
    not_sent_because: str | None = None,
) -> None:
    """Complete an attempt and, when it succeeded, everything that it fulfils in turn.

    Courses give credits, credits and paths reach skill levels, courses complete paths and
    certifications, paths complete the paths around them; each with its award, once. An attempt
    that is over already stays as it is. Without success nothing is earned. Does not commit.
    """
    if enrolment.done:
        return
    close(enrolment, at, success, recorded_by)
    if success:
        settle(enrolment.learner, now=now, first=[enrolment], not_sent_because=not_sent_because)


def finish_course(attempt: Attempt, *, learner: Person, now: datetime) -> None:
    """Do the same with an attempt of the learner's that was read as plain values. No commit."""
    db.session.execute(_END, {"attempt_id": attempt.id, **_ending(attempt, now, True, None)})
    attempt.completed_at = now
    settle_all({learner: [attempt]}, now=now, may_follow=attempt.may_follow)


def settle(
    learner: Person,
    *,
    now: datetime,
    first: Sequence[Finished] = (),
    changed: LearningObject | None = None,
    not_sent_because: str | None = None,
) -> list[Finished]:
    """Complete what the learner is on and has fulfilled, and award it; return what was completed.

    `first` is what was completed just now. When what `changed` requires was changed, nothing is
    completed before `now`, although its parts were done long ago. No commit.
    """
    settled = settle_all(
        {learner: first}, now=now, changed=changed, not_sent_because=not_sent_because
    )
    return settled[learner]


def settle_all(
    first: Mapping[Person, Sequence[Finished]],
    *,
    now: datetime,
    changed: LearningObject | None = None,
    not_sent_because: str | None = None,
    may_follow: MayFollow | None = None,
) -> dict[Person, list[Finished]]:
    """Do the same for many learners, with as many statements as for one. No commit.

    `may_follow` is for whoever knows already what may come of it.
    """
    on_more, gives = may_follow or _what_may_follow(first)
    fulfilled = _complete_fulfilled(first, changed, now if changed else None) if on_more else {}
    done = {learner: [*first[learner], *fulfilled.get(learner, ())] for learner in first}
    reached = credits.earn(_moments(done, Kind.COURSE)) if gives else []
    reached += credits.grant(_moments(done, Kind.LEARNING_PATH))
    award(earned_by(done), reached, now, not_sent_because)
    return done


def _what_may_follow(first: Mapping[Person, Sequence[Finished]]) -> MayFollow:
    completed = {one.learning_object_id for theirs in first.values() for one in theirs}
    return what_may_follow([one.id for one in first], completed)


def _complete_fulfilled(
    first: Mapping[Person, Sequence[Finished]],
    changed: LearningObject | None,
    floor: datetime | None,
) -> dict[Person, list[Enrolment]]:
    """Complete paths and certifications that are fulfilled, and return them."""
    opened = _open_attempts([learner.id for learner in first])
    needs = rules.of_enrolments([one for theirs in opened.values() for one in theirs])
    times = times_of_all(opened, rules.all_items(needs.values())) if opened else {}
    found: dict[Person, list[Enrolment]] = {}
    for learner, completed in first.items():
        moved = {one.learning_object_id for one in completed} | ({changed.id} if changed else set())
        theirs = opened.get(learner.id, [])
        found[learner] = _complete_in_turn(theirs, needs, times.get(learner.id, {}), moved, floor)
    return found


def _complete_in_turn(
    opened: Sequence[Enrolment],
    needs: Mapping[int, Rule],
    times: Times,
    moved: set[int],
    floor: datetime | None,
) -> list[Enrolment]:
    """Complete one learner's attempts that are fulfilled, until no more follow from those.

    `moved` are the objects with which something happened; it grows by what is completed here.
    """
    done: list[Enrolment] = []
    while True:
        ready = {
            one: fulfilled_at(needs[one.id], counted(one, times))
            for one in opened
            if not one.done and _may_complete(one, needs[one.id], moved)
        }
        ready = {one: at for one, at in ready.items() if at is not None}
        if not ready:
            return done
        for one, at in ready.items():
            at = max(at, one.enrolled_at, floor or at, *_news(one, needs[one.id], moved, times))
            close(one, at, True, None)
            times.setdefault(one.learning_object_id, []).append(at)
            moved.add(one.learning_object_id)
        done += ready


def _may_complete(enrolment: Enrolment, rule: Rule, moved: set[int]) -> bool:
    """What staff took back comes again only with something new that counts for it."""
    if enrolment.undone_at is None:
        return True
    return not moved.isdisjoint({enrolment.learning_object_id, *rule.items})


def _news(enrolment: Enrolment, rule: Rule, moved: set[int], times: Times) -> list[datetime]:
    """What was taken back is completed again with what is new, not as at first."""
    items = moved.intersection(rule.items) if enrolment.undone_at else ()
    return [moment for item in items for moment in times.get(item, ())]


def _moments(done: Mapping[Person, Sequence[Finished]], kind: Kind) -> credits.Completed:
    """Return when these learners completed what is of one kind, by the learner's id."""
    return {
        learner.id: {
            one.learning_object_id: one.completed_at
            for one in theirs
            if one.learning_object.kind is kind
        }
        for learner, theirs in done.items()
    }


def _open_attempts(learner_ids: Collection[int]) -> dict[int, list[Enrolment]]:
    """Return what these learners are on, courses left out, by the learner's id."""
    found: dict[int, list[Enrolment]] = {}
    given = {"learner_ids": list(learner_ids)}
    for one in db.session.scalars(_opened(), given).unique():
        found.setdefault(one.learner_id, []).append(one)
    return found


@cache  # putting it together took a quarter of the time of a completion
def _opened() -> Select:
    kinds = with_polymorphic(LearningObject, [LearningPath, Certification], flat=True)
    return (
        select(Enrolment)
        .join(Enrolment.learning_object.of_type(kinds))
        .where(Enrolment.id.in_(ON_MORE_THAN_COURSES))
        .options(contains_eager(Enrolment.learning_object.of_type(kinds)))
        .order_by(Enrolment.id)
        .execution_options(populate_existing=True)
    )


def close(enrolment: Enrolment, at: datetime, success: bool, recorded_by: Person | None) -> None:
    """End an attempt, and nothing else: what follows from it is for `settle`."""
    for name, value in _ending(enrolment, at, success, recorded_by).items():
        setattr(enrolment, name, value)


def _ending(
    enrolment: Finished, at: datetime, success: bool, recorded_by: Person | None
) -> dict[str, Any]:
    learning_object, expires_at = enrolment.learning_object, enrolment.expires_at
    if success and isinstance(learning_object, Certification) and learning_object.recurring:
        expires_at = months_later(at, learning_object.validity_months or 0)
    return {
        "state": EnrolmentState.COMPLETED,
        "completed_at": at,
        "success": success,
        "recorded_by_id": recorded_by.id if recorded_by else None,
        "expires_at": expires_at,
    }
