"""The chain: what a completion fulfils in turn, with every award, within one transaction.

Nothing here commits. Whoever calls has locked the learner's row (`lock`) before reading what the
decision rests on, so that two last courses at once see each other.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, with_polymorphic

from portal.clock import months_later
from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    Certification,
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    LearningPath,
    Person,
    ReachedLevel,
)
from portal.services.issuing.awarding import Earned, award_all
from portal.services.issuing.awards import was_revoked
from portal.services.learning import credits, rules
from portal.services.learning.rules import Rule

Times = dict[int, list[datetime]]


def lock(learner: Person) -> None:
    """Lock the learner's row: two last courses at once must see each other."""
    query = select(Person.id).where(Person.id == learner.id).with_for_update()
    db.session.execute(query)


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


def settle(
    learner: Person,
    *,
    now: datetime,
    first: Sequence[Enrolment] = (),
    changed: LearningObject | None = None,
    not_sent_because: str | None = None,
) -> list[Enrolment]:
    """Complete what the learner is on and has fulfilled, and award it; return what was completed.

    `first` is what was completed just now. When what `changed` requires was changed, nothing is
    completed before `now`, although its parts were done long ago. No commit.
    """
    done = list(first)
    moved = {one.learning_object_id for one in first} | ({changed.id} if changed else set())
    done += _complete_fulfilled(learner, moved, floor=now if changed else None)
    earned = [one for one in map(_earned_by, done) if one is not None]
    courses = {
        one.learning_object_id: one.completed_at
        for one in done
        if one.learning_object.kind is Kind.COURSE
    }
    paths = {
        one.learning_object_id: one.completed_at
        for one in done
        if one.learning_object.kind is Kind.LEARNING_PATH
    }
    reached = credits.earn(learner, courses) if courses else []
    reached += credits.grant(learner, paths) if paths else []
    award(learner, earned, reached, now, not_sent_because)
    return done


def award(
    learner: Person,
    earned: list[Earned],
    reached: Sequence[ReachedLevel],
    now: datetime,
    not_sent_because: str | None = None,
) -> None:
    """Award what was earned, and the badges of levels that were reached just now. No commit."""
    for one in {level.skill_level.id: level for level in reached}.values():
        badge_id = one.skill_level.badge_id
        if badge_id is not None:
            earned.append(Earned(badge_id, one.reached_at, skill_level_id=one.skill_level.id))
    if not_sent_because is not None:
        earned = [one.but(not_sent_because=not_sent_because) for one in earned]
    award_all(learner=learner, earned=earned, now=now)


def _complete_fulfilled(
    learner: Person, moved: set[int], floor: datetime | None
) -> list[Enrolment]:
    """Complete paths and certifications that are fulfilled, until no more follow from those.

    `moved` are the objects with which something happened; it grows by what is completed here.
    """
    opened = _open_attempts(learner)
    if not opened:
        return []
    needs = rules.of_enrolments(opened)
    times = times_of(learner, rules.all_items(needs.values()))
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


def times_of(learner: Person, object_ids: Collection[int]) -> Times:
    """Return when the learner completed these objects, with success, by the object's id."""
    query = select(Enrolment.learning_object_id, Enrolment.completed_at).where(
        Enrolment.learner_id == learner.id,
        Enrolment.learning_object_id.in_(object_ids),
        Enrolment.success.is_(True),
    )
    times: Times = {}
    for object_id, at in db.session.execute(query):
        times.setdefault(object_id, []).append(at)
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


def _open_attempts(learner: Person) -> list[Enrolment]:
    kinds = with_polymorphic(LearningObject, [LearningPath, Certification], flat=True)
    query = (
        select(Enrolment)
        .join(Enrolment.learning_object.of_type(kinds))
        .where(Enrolment.learner_id == learner.id, Enrolment.state.in_(OPEN_ENROLMENTS))
        .where(kinds.kind != Kind.COURSE)
        .options(contains_eager(Enrolment.learning_object.of_type(kinds)))
        .order_by(Enrolment.id)
    )
    return list(db.session.scalars(query, execution_options={"populate_existing": True}).unique())


def close(enrolment: Enrolment, at: datetime, success: bool, recorded_by: Person | None) -> None:
    """End an attempt, and nothing else: what follows from it is for `settle`."""
    enrolment.state = EnrolmentState.COMPLETED
    enrolment.completed_at, enrolment.success = at, success
    enrolment.recorded_by_id = recorded_by.id if recorded_by else None
    learning_object = enrolment.learning_object
    if success and isinstance(learning_object, Certification) and learning_object.recurring:
        enrolment.expires_at = months_later(at, learning_object.validity_months or 0)


def _earned_by(enrolment: Enrolment) -> Earned | None:
    """What the attempt earns; after a completion before it only a renewal, or what was revoked."""
    learning_object = enrolment.learning_object
    if learning_object.badge_id is None:
        return None
    before = enrolment.attempt > 1 and _was_completed_before(enrolment)
    # What it renews may have been taken back since; then it is the first that counts.
    renewal = before and enrolment.renews and learning_object.kind is Kind.CERTIFICATION
    anew = learning_object.earned_again or enrolment.undone_at is not None
    if before:
        revoked = was_revoked(enrolment.learner, learning_object.id)
        if not (anew if revoked else renewal):
            return None
    return Earned(
        learning_object.badge_id,
        enrolment.completed_at,
        learning_object_id=learning_object.id,
        again=anew,
        renewal=renewal,
        expires_at=enrolment.expires_at,
    )


def _was_completed_before(enrolment: Enrolment) -> bool:
    query = select(Enrolment.id).where(
        Enrolment.learner_id == enrolment.learner_id,
        Enrolment.learning_object_id == enrolment.learning_object_id,
        Enrolment.attempt < enrolment.attempt,
        Enrolment.success.is_(True),
    )
    return db.session.scalar(query.limit(1)) is not None
