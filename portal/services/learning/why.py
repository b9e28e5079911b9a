"""Why somebody has a badge or has it not: every way to it, what came of it, what comes next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Award,
    Badge,
    Delivery,
    Enrolment,
    Evidence,
    IssuedBadge,
    Kind,
    LearningObject,
    ObjectState,
    Person,
    SkillLevel,
    SkillState,
    TrailEntry,
)
from portal.services.issuing import awards
from portal.services.issuing.shown import ShownAward
from portal.services.learning import sources
from portal.services.learning.sources import Source
from portal.services.learning.why_trail import Event, trail_of
from portal.services.learning.why_ways import Finding, Known, Way, way_of

MOST_WAYS = 20
MOST_DELIVERIES = 10

# What is worth most to know stands first: what there is, then what is nearest to it.
_FIRST = {finding: number for number, finding in enumerate(Finding)}


@dataclass(frozen=True)
class Sent:
    """One message to Credly, and what happened to it, oldest first."""

    delivery: Delivery
    entries: Sequence[TrailEntry]


@dataclass(frozen=True)
class Explanation:
    """All there is to say about one person and one badge. `ways` begins with the best one."""

    person: Person
    badge: Badge
    ways: Sequence[Way]
    events: Sequence[Event]
    sent: Sequence[Sent]

    @property
    def best(self) -> Way | None:
        """The way that tells most; None when nothing gives the badge."""
        return self.ways[0] if self.ways else None


def explain(person: Person, badge: Badge, now: datetime) -> Explanation:
    """Explain a badge of anybody to those who may see everything."""
    return _explain(person, badge, now, lambda _source, _known: True)


def explain_to_owner(actor: Person, person: Person, source: Source, now: datetime) -> Explanation:
    """Explain the badge of a source, as far as it concerns objects of `actor`.

    Who is on none of them, and what never gave a badge, does not exist for them.
    """
    badge = source.badge or _newest_badge(person, source)
    if badge is None:
        raise NotFound
    told = _explain(person, badge, now, lambda source, _known: sources.may_manage(actor, source))
    if not any(way.enrolment or way.award or way.level for way in told.ways):
        raise NotFound
    return told


def explain_to_learner(learner: Person, badge: Badge, now: datetime) -> Explanation:
    """Explain a badge to its earner; one that they can neither earn nor have does not exist."""
    told = _explain(learner, badge, now, _learner_sees)
    if not told.ways:
        raise NotFound
    return told


def _learner_sees(source: Source, known: Known) -> bool:
    mine = tuple(source.key.values())
    if any((one.learning_object_id, one.skill_level_id) == mine for one in known.awards):
        return True
    if source.level is not None:
        return source.level.skill.state is SkillState.ACTIVE
    published = source.learning_object.state is ObjectState.PUBLISHED
    return published or source.id in known.enrolments


def _explain(
    person: Person, badge: Badge, now: datetime, sees: Callable[[Source, Known], bool]
) -> Explanation:
    given = _awards(person, badge)
    known_sources = {one.thing: one for one in sources.of_badge(badge)}
    known_sources |= {one.thing: one for one in sources.of_awards(given)}
    attempts = _attempts(person, [one for one in known_sources.values() if one.learning_object])
    hand_ins = _hand_ins(attempts)
    known = Known(
        enrolments={one.learning_object_id: one for one in attempts},
        evidence={one.enrolment_id: one for one in hand_ins},
        awards=given,
        second=frozenset(awards.already_held(person, given)),
        deliveries=_newest_deliveries(given),
    )
    seen = [one for one in known_sources.values() if sees(one, known)][:MOST_WAYS]
    ways = [way_of(one, person, badge, known, now) for one in seen]
    ways.sort(key=lambda way: _FIRST[way.finding])
    mine = [one for one in given if any(way.source.key == _key_of(one) for way in ways)]
    places = {way.source.id for way in ways if way.source.learning_object}
    told = [one for one in attempts if one.learning_object_id in places]
    proofs = [one for one in hand_ins if one.enrolment.learning_object_id in places]
    events = trail_of(person, seen, told, proofs, mine)
    return Explanation(person, badge, ways, events, _sent(mine))


def _key_of(award: Award) -> dict[str, int | None]:
    return {
        "learning_object_id": award.learning_object_id,
        "skill_level_id": award.skill_level_id,
    }


def _newest_badge(person: Person, source: Source) -> Badge | None:
    query = select(Award).filter_by(learner_id=person.id, **source.key)
    query = query.options(joinedload(Award.badge)).order_by(Award.id.desc()).limit(1)
    newest = db.session.scalars(query).first()
    return newest.badge if newest else None


def _awards(person: Person, badge: Badge) -> list[Award]:
    query = (
        select(Award)
        .filter_by(learner_id=person.id, badge_id=badge.id)
        .options(joinedload(Award.issued_badge), joinedload(Award.badge))
        .order_by(Award.id)
    )
    return list(db.session.scalars(query))


def _attempts(person: Person, objects: Sequence[Source]) -> list[Enrolment]:
    query = (
        select(Enrolment)
        .where(Enrolment.learner_id == person.id)
        .where(Enrolment.learning_object_id.in_([one.id for one in objects]))
        .order_by(Enrolment.attempt)
    )
    return list(db.session.scalars(query))


def _hand_ins(attempts: Sequence[Enrolment]) -> list[Evidence]:
    query = (
        select(Evidence)
        .where(Evidence.enrolment_id.in_([one.id for one in attempts]))
        .options(joinedload(Evidence.enrolment), joinedload(Evidence.decided_by))
        .order_by(Evidence.id)
    )
    return list(db.session.scalars(query))


def _newest_deliveries(given: Sequence[Award]) -> dict[int, Delivery]:
    ids = [one.issued_badge_id for one in given if one.issued_badge_id]
    query = select(Delivery).where(Delivery.issued_badge_id.in_(ids)).order_by(Delivery.id)
    return {one.issued_badge_id: one for one in db.session.scalars(query)}


def _sent(given: Sequence[Award]) -> list[Sent]:
    ids = {one.issued_badge_id for one in given if one.issued_badge_id}
    query = (
        select(Delivery)
        .where(Delivery.issued_badge_id.in_(ids))
        .options(joinedload(Delivery.issued_badge).joinedload(IssuedBadge.learner))
        .order_by(Delivery.id.desc())
        .limit(MOST_DELIVERIES)
    )
    found = db.session.scalars(query).all()
    entries: dict[int, list[TrailEntry]] = {one.id: [] for one in found}
    trail = (
        select(TrailEntry)
        .where(TrailEntry.delivery_id.in_(entries))
        .options(joinedload(TrailEntry.person))
        .order_by(TrailEntry.id)
    )
    for entry in db.session.scalars(trail):
        entries[entry.delivery_id].append(entry)
    return [Sent(one, entries[one.id]) for one in found]


class ShownSource(NamedTuple):
    """The learning object behind an award, as far as a page names it."""

    id: int
    kind: Kind
    title: str


_OBJECT = LearningObject.__table__
_SOURCES = select(*(_OBJECT.c[name] for name in ShownSource._fields)).where(
    _OBJECT.c.id.in_(bindparam("ids", expanding=True))
)


def sources_of(given: Sequence[Award | ShownAward]) -> dict[int, ShownSource]:
    """Return the learning objects behind these awards, by the award's id."""
    ids = {award.learning_object_id for award in given if award.learning_object_id}
    if not ids:
        return {}
    found = {
        row[0]: ShownSource(*row) for row in db.session.execute(_SOURCES, {"ids": list(ids)}).all()
    }
    return {one.id: found[one.learning_object_id] for one in given if one.learning_object_id}


def skill_level_of(award: Award) -> SkillLevel | None:
    """Return the skill level behind an award; None when it came from a learning object."""
    if award.skill_level_id is None:
        return None
    query = select(SkillLevel).filter_by(id=award.skill_level_id)
    return db.session.scalars(query.options(joinedload(SkillLevel.skill))).one()
