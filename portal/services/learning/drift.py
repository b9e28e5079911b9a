"""What a changed template at Credly touches: badges, what they hang on, and people. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    Award,
    AwardState,
    Badge,
    Delivery,
    DeliveryState,
    EarnedCredit,
    Enrolment,
    Held,
    IssuedBadge,
    LearningObject,
    Person,
    ReachedLevel,
    RunState,
    SkillLevel,
    SyncRun,
)
from portal.services.learning import coverage
from portal.services.slices import START, Order, Place, Slice, slice_of

RUNS_LOOKED_AT = 20
MOST_CHANGES = 20
_BY_NAME = Order((Person.last_name, Person.first_name, Person.id))


@dataclass
class Touched:
    """A badge whose template changed, with what awards it and how many people it is about."""

    badge: Badge
    objects: list[LearningObject] = field(default_factory=list)
    levels: list[SkillLevel] = field(default_factory=list)
    earned: int = 0
    on_the_way: int = 0
    held: int = 0


@dataclass(frozen=True)
class Change:
    """One change of a template, and the run that found it."""

    run: SyncRun
    values: dict[str, Any]


def of_run(run: SyncRun) -> list[Touched]:
    """Return the badges whose templates a run found changed, in the order of its changes."""
    changed = [one.get("credly_id") for one in run.changes if one["field"] != "new"]
    ids = dict.fromkeys(filter(None, changed))
    query = (
        select(Badge)
        .where(Badge.external_badge_id.in_(ids))
        .options(joinedload(Badge.template), joinedload(Badge.own_image))
    )
    order = {credly_id: number for number, credly_id in enumerate(ids)}
    found = db.session.scalars(query).unique().all()
    return touched_by(sorted(found, key=lambda badge: (order[badge.external_badge_id], badge.id)))


def touched_by(badges: Sequence[Badge]) -> list[Touched]:
    """Return what hangs on these badges, in a fixed number of statements."""
    ids = [badge.id for badge in badges]
    found = {badge.id: Touched(badge) for badge in badges}
    for one in coverage.objects_of(ids):
        found[one.badge_id].objects.append(one)
    for level in coverage.levels_of(ids):
        found[level.badge_id].levels.append(level)
    for badge_id, people in _counted(_earned(ids)):
        found[badge_id].earned = people
    for badge_id, people in _counted(_on_the_way(ids)):
        found[badge_id].on_the_way = people
    for badge_id, deliveries in db.session.execute(_held(ids)):
        found[badge_id].held = deliveries
    return list(found.values())


def changes_of(badge: Badge) -> list[Change]:
    """Return the newest changes of a badge's template, as the newest runs found them."""
    if badge.external_badge_id is None or badge.connection_id is None:
        return []
    query = select(SyncRun).filter_by(connection_id=badge.connection_id, state=RunState.DONE)
    runs = db.session.scalars(query.order_by(SyncRun.id.desc()).limit(RUNS_LOOKED_AT))
    found = [
        Change(run, one)
        for run in runs
        for one in run.changes
        if one.get("credly_id") == badge.external_badge_id and one["field"] != "new"
    ]
    return found[:MOST_CHANGES]


def people_of(badge: Badge, place: Place = START) -> tuple[Slice, dict[int, bool]]:
    """Return a page of the people a badge is about, and by id whether they have earned it."""
    ids = [badge.id]
    both = union(
        *(select(one.c.learner_id) for one in map(_rows, (_earned(ids), _on_the_way(ids))))
    )
    who = select(Person.id).where(Person.id.in_(both))
    found = slice_of(who, select(Person), _BY_NAME, place)
    have = select(_rows(_earned(ids)).c.learner_id)
    shown = [person.id for person in found.rows]
    earned = set(
        db.session.scalars(select(Person.id).where(Person.id.in_(have), Person.id.in_(shown)))
    )
    return found, {one: one in earned for one in shown}


def _earned(badge_ids: Collection[int]) -> Select:
    """Who has earned which of these badges."""
    query = select(Award.badge_id, Award.learner_id).distinct()
    return query.where(Award.badge_id.in_(badge_ids), Award.state == AwardState.EARNED)


def _on_the_way(badge_ids: Collection[int]) -> Select:
    """Who has begun something that awards one of these badges, and is not through."""
    begun = (
        select(LearningObject.badge_id, Enrolment.learner_id)
        .join(Enrolment, Enrolment.learning_object_id == LearningObject.id)
        .where(LearningObject.badge_id.in_(badge_ids), Enrolment.state.in_(OPEN_ENROLMENTS))
    )
    reached = select(ReachedLevel.skill_level_id).where(
        ReachedLevel.learner_id == EarnedCredit.learner_id,
        ReachedLevel.skill_level_id == EarnedCredit.skill_level_id,
    )
    collecting = (
        select(SkillLevel.badge_id, EarnedCredit.learner_id)
        .join(EarnedCredit, EarnedCredit.skill_level_id == SkillLevel.id)
        .where(SkillLevel.badge_id.in_(badge_ids), ~reached.exists())
    )
    rows = union(begun, collecting).subquery()
    return select(rows.c.badge_id, rows.c.learner_id)


def _held(badge_ids: Collection[int]) -> Select:
    """How many deliveries of these badges wait for an active template."""
    query = (
        select(IssuedBadge.badge_id, func.count())
        .join(Delivery, Delivery.issued_badge_id == IssuedBadge.id)
        .where(IssuedBadge.badge_id.in_(badge_ids), Delivery.state == DeliveryState.HELD)
        .where(Delivery.held_because == Held.TEMPLATE_NOT_ACTIVE)
    )
    return query.group_by(IssuedBadge.badge_id)


def _rows(query: Select):
    return query.subquery()


def _counted(query: Select):
    rows = query.subquery()
    counts = select(rows.c.badge_id, func.count()).group_by(rows.c.badge_id)
    return db.session.execute(counts)
