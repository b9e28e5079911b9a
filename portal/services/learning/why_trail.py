"""What happened to a person on the ways to a badge, in the order of moments, with who and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    AuditEntry,
    Award,
    Decision,
    EarlierOutcome,
    EarlierRow,
    EarlierRun,
    Enrolment,
    Evidence,
    IssuedBadge,
    Person,
    ReachedLevel,
)
from portal.services.learning.sources import Source

MOST = 50  # entries of the audit log that are looked at


class Deed(StrEnum):
    """What happened; pages have the words."""

    ENROLLED = "enrolled"
    HANDED_IN = "handed_in"
    APPROVED = "approved"
    REJECTED = "rejected"
    COMPLETED = "completed"
    FAILED = "failed"
    UNDONE = "undone"
    REACHED = "reached"
    EARNED = "earned"
    AWARDED_EARLIER = "awarded_earlier"
    TAKEN_BACK = "taken_back"
    AT_CREDLY = "at_credly"


# What comes first of things that happen in the same moment.
_ORDER = {deed: number for number, deed in enumerate(Deed)}


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, on which way, who did it, and why they said."""

    at: datetime
    deed: Deed
    source: Source | None = None
    who: Person | None = None
    reason: str = ""
    state: str | None = None  # what Credly says of the badge since then


def trail_of(
    person: Person,
    sources: Sequence[Source],
    attempts: Sequence[Enrolment],
    hand_ins: Sequence[Evidence],
    awards: Sequence[Award],
) -> list[Event]:
    """Return everything that is known, oldest first."""
    places = {(one.what, one.id): one for one in sources}
    of_object = {one.learning_object.id: one for one in sources if one.learning_object}
    people = _people({one.enrolled_by_id for one in attempts} | _recorders(attempts))
    events = [
        *_of_attempts(attempts, of_object, people),
        *_of_hand_ins(hand_ins, of_object),
        *_of_levels(person, sources),
        *_of_awards(awards, places),
        *_of_earlier(person, sources, places),
        *_undone(person, attempts, of_object),
    ]
    return sorted(events, key=lambda one: (one.at, _ORDER[one.deed]))


def _recorders(attempts: Sequence[Enrolment]) -> set[int | None]:
    return {one.recorded_by_id for one in attempts}


def _people(ids: set[int | None]) -> dict[int, Person]:
    known = [one for one in ids if one is not None]
    return {one.id: one for one in db.session.scalars(select(Person).where(Person.id.in_(known)))}


def _of_attempts(
    attempts: Sequence[Enrolment], of_object: dict[int, Source], people: dict[int, Person]
) -> list[Event]:
    events = []
    for one in attempts:
        source = of_object.get(one.learning_object_id)
        by = people.get(one.enrolled_by_id or 0)
        events.append(Event(one.enrolled_at, Deed.ENROLLED, source, by))
        if one.completed_at is not None:
            deed = Deed.COMPLETED if one.success else Deed.FAILED
            recorder = people.get(one.recorded_by_id or 0)
            events.append(Event(one.completed_at, deed, source, recorder))
    return events


def _of_hand_ins(hand_ins: Sequence[Evidence], of_object: dict[int, Source]) -> list[Event]:
    decided = {Decision.APPROVED: Deed.APPROVED, Decision.REJECTED: Deed.REJECTED}
    events = []
    for one in hand_ins:
        source = of_object.get(one.enrolment.learning_object_id)
        events.append(Event(one.handed_in_at, Deed.HANDED_IN, source))
        if one.decision in decided and one.decided_at is not None:
            deed = decided[one.decision]
            events.append(Event(one.decided_at, deed, source, one.decided_by, one.reason))
    return events


def _of_levels(person: Person, sources: Sequence[Source]) -> list[Event]:
    levels = {one.level.id: one for one in sources if one.level}
    query = select(ReachedLevel).where(
        ReachedLevel.learner_id == person.id, ReachedLevel.skill_level_id.in_(levels)
    )
    return [
        Event(one.reached_at, Deed.REACHED, levels[one.skill_level_id])
        for one in db.session.scalars(query)
    ]


def _of_awards(awards: Sequence[Award], places: dict[tuple[str, int], Source]) -> list[Event]:
    events, badges = [], {}
    for one in awards:
        source = places.get(("objects", one.learning_object_id or 0)) or places.get(
            ("levels", one.skill_level_id or 0)
        )
        events.append(Event(one.earned_at, Deed.EARNED, source))
        if one.issued_badge is not None:
            badges[one.issued_badge.id] = one.issued_badge
    return [*events, *filter(None, map(_at_credly, badges.values()))]


def _at_credly(issued: IssuedBadge) -> Event | None:
    if issued.state is None or issued.state_changed_at is None:
        return None
    return Event(issued.state_changed_at, Deed.AT_CREDLY, state=issued.state)


def _of_earlier(
    person: Person, sources: Sequence[Source], places: dict[tuple[str, int], Source]
) -> list[Event]:
    """Runs of *Award earlier completions* in which the person got something, or lost it again."""
    objects = [one.id for one in sources if one.learning_object]
    levels = [one.id for one in sources if one.level]
    of_these = or_(
        EarlierRun.learning_object_id.in_(objects), EarlierRun.skill_level_id.in_(levels)
    )
    query = (
        select(EarlierRun, EarlierRow.outcome)
        .join(EarlierRow, EarlierRow.run_id == EarlierRun.id)
        .where(EarlierRow.learner_id == person.id, EarlierRow.award_id.is_not(None), of_these)
        .options(joinedload(EarlierRun.person))
    )
    events = []
    for run, outcome in db.session.execute(query):
        source = places.get(("objects", run.learning_object_id or 0)) or places.get(
            ("levels", run.skill_level_id or 0)
        )
        began = Event(run.created_at, Deed.AWARDED_EARLIER, source, run.person, run.reason)
        events.append(began)
        if outcome is EarlierOutcome.UNDONE and run.ended_at is not None:
            events += _taken_back(run, source)
    return events


def _taken_back(run: EarlierRun, source: Source | None) -> list[Event]:
    query = (
        select(AuditEntry)
        .filter_by(subject="earlier_run", subject_id=run.id, action="earlier.undo")
        .options(joinedload(AuditEntry.actor))
    )
    return [
        Event(one.at, Deed.TAKEN_BACK, source, one.actor, one.reason)
        for one in db.session.scalars(query)
    ]


def _undone(
    person: Person, attempts: Sequence[Enrolment], of_object: dict[int, Source]
) -> list[Event]:
    """Completions that staff took back, themselves or with another, as the audit log has them."""
    query = (
        select(AuditEntry)
        .filter_by(action="enrolment.undo", person_id=person.id)
        .options(joinedload(AuditEntry.actor))
        .order_by(AuditEntry.id.desc())
        .limit(MOST)
    )
    events = []
    for entry in db.session.scalars(query):
        ids = {entry.subject_id, *entry.details.get("also", ())}
        for one in (one for one in attempts if one.id in ids):
            source = of_object.get(one.learning_object_id)
            events.append(Event(entry.at, Deed.UNDONE, source, entry.actor, entry.reason))
    return events
