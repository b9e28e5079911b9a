"""What rests on a completion: what would not stand without it. Reads only."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Award,
    AwardState,
    EarnedCredit,
    Enrolment,
    Kind,
    PathLevel,
    Person,
    ReachedLevel,
)
from portal.services.learning import credits, rules
from portal.services.learning.fulfilment import counted, fulfilled_at


@dataclass
class Plan:
    """What goes: the attempt itself first, then what rests on it alone, and the awards of all."""

    enrolments: list[Enrolment]
    levels: list[ReachedLevel] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)
    # Objects that the learner has not completed any more.
    lost: set[int] = field(default_factory=set)
    # Levels that stay reached, by credits or by another path, though the path that granted goes.
    granted_otherwise: dict[int, int | None] = field(default_factory=dict)


def plan_for(enrolment: Enrolment) -> Plan:
    """Return what an undo would take, without changing anything. Raises RuleBroken as it does."""
    if not enrolment.done:
        raise RuleBroken(say("undo_not_completed"))
    done = _completions(enrolment.learner)
    if any(
        one.learning_object_id == enrolment.learning_object_id and one.attempt > enrolment.attempt
        for one in done
    ):
        raise RuleBroken(say("undo_newer_first"))
    if not enrolment.success:
        return Plan([enrolment])
    gone = _resting_on(enrolment, done)
    stays = {one.learning_object_id for one in done if one not in gone}
    plan = Plan(gone, lost={one.learning_object_id for one in gone} - stays)
    _plan_levels(plan, enrolment.learner, stays)
    plan.awards = _awards_of(plan, enrolment.learner)
    return plan


def _completions(learner: Person) -> list[Enrolment]:
    query = (
        select(Enrolment)
        .where(Enrolment.learner_id == learner.id, Enrolment.success.is_(True))
        .options(joinedload(Enrolment.learning_object))
        .order_by(Enrolment.id)
    )
    return list(db.session.scalars(query))


def _resting_on(first: Enrolment, done: list[Enrolment]) -> list[Enrolment]:
    """The attempt, and paths and certifications that were fulfilled with it and are not without."""
    others = [one for one in done if one.learning_object.kind is not Kind.COURSE]
    needs = rules.of_enrolments(others)
    gone = [first]
    while True:
        falls = [
            one
            for one in others
            if one not in gone
            and _is_fulfilled(one, needs, done, ())
            and not _is_fulfilled(one, needs, done, gone)
        ]
        if not falls:
            return gone
        gone += falls


def _is_fulfilled(
    enrolment: Enrolment,
    needs: dict[int, rules.Rule],
    done: list[Enrolment],
    without: Collection[Enrolment],
) -> bool:
    times: dict[int, list[datetime]] = {}
    for one in done:
        if one not in without:
            times.setdefault(one.learning_object_id, []).append(one.completed_at)
    return fulfilled_at(needs[enrolment.id], counted(enrolment, times)) is not None


def _plan_levels(plan: Plan, learner: Person, stays: set[int]) -> None:
    """Find the levels that lose their credits or their path, and have no other ground."""
    given = select(EarnedCredit.skill_level_id).where(
        EarnedCredit.learner_id == learner.id, EarnedCredit.course_id.in_(plan.lost)
    )
    query = (
        select(ReachedLevel)
        .where(ReachedLevel.learner_id == learner.id)
        .where(
            or_(
                ReachedLevel.skill_level_id.in_(given),
                ReachedLevel.learning_path_id.in_(plan.lost),
            )
        )
        .options(joinedload(ReachedLevel.skill_level))
    )
    touched = db.session.scalars(query).all()
    if not touched:
        return
    ids = [one.skill_level_id for one in touched]
    by_credits = _by_credits(learner, ids, plan.lost)
    by_path = _by_path(ids, stays)
    for one in touched:
        if one.learning_path_id is not None and one.learning_path_id not in plan.lost:
            continue
        if one.skill_level_id in by_credits:
            plan.granted_otherwise[one.skill_level_id] = None
        elif one.skill_level_id in by_path:
            plan.granted_otherwise[one.skill_level_id] = by_path[one.skill_level_id]
        else:
            plan.levels.append(one)


def _by_credits(learner: Person, level_ids: list[int], lost: set[int]) -> set[int]:
    query = select(EarnedCredit).where(
        EarnedCredit.learner_id == learner.id,
        EarnedCredit.skill_level_id.in_(level_ids),
        EarnedCredit.course_id.not_in(lost),
    )
    left = db.session.scalars(query).all()
    standings = credits.standings_of(learner, level_ids)
    return {
        level_id
        for level_id, standing in standings.items()
        if credits.enough_at(
            [one for one in left if one.skill_level_id == level_id], standing.needed
        )
    }


def _by_path(level_ids: list[int], completed: set[int]) -> dict[int, int]:
    query = select(PathLevel.skill_level_id, PathLevel.learning_path_id).where(
        PathLevel.skill_level_id.in_(level_ids), PathLevel.learning_path_id.in_(completed)
    )
    return dict(db.session.execute(query).all())


def _awards_of(plan: Plan, learner: Person) -> list[Award]:
    """The awards of what goes; of an object that stays completed only that attempt's own."""
    moments = {(one.learning_object_id, one.completed_at) for one in plan.enrolments}
    levels = [one.skill_level_id for one in plan.levels]
    objects = [one.learning_object_id for one in plan.enrolments]
    query = (
        select(Award)
        .where(Award.learner_id == learner.id, Award.state == AwardState.EARNED)
        .where(or_(Award.learning_object_id.in_(objects), Award.skill_level_id.in_(levels)))
        .options(joinedload(Award.issued_badge), joinedload(Award.badge))
        .order_by(Award.id)
    )
    return [
        one
        for one in db.session.scalars(query, execution_options={"populate_existing": True})
        if one.skill_level_id is not None
        or one.learning_object_id in plan.lost
        or (one.learning_object_id, one.earned_at) in moments
    ]
