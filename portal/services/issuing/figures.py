"""Figures of issued badges, each in one statement whatever the number of rows."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Float, Integer, cast, extract, func, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.extensions import db
from portal.models import OPEN, CredlyState, Delivery, DeliveryState, IssuedBadge
from portal.services.issuing.silence import silent_ids
from portal.services.periods import Window

# What is at Credly has a state; said like this, one small index holds all that is counted here.
_AT_CREDLY = IssuedBadge.state.is_not(None)
_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Acceptance:
    """Where the badges stand that were issued in a period, by Credly's words."""

    issued: int
    notified: int
    accepted: int
    waiting: int
    rejected: int
    revoked: int


def issued(window: Window) -> list[tuple[date, int]]:
    """Return how many badges were issued at Credly in each week or month of the period."""
    people = window.people(IssuedBadge.learner_id)
    return window.count(IssuedBadge.issued_at, _AT_CREDLY, people)


def acceptance(window: Window) -> Acceptance:
    """Return how far the badges have come that were issued in the period."""
    # Counted side by side: to group as many rows takes twice as long.
    states = (func.count().filter(IssuedBadge.state == state) for state in CredlyState)
    query = select(func.count(), *states).where(*_issued_in(window))
    found = db.session.execute(query).one()
    of = dict(zip(CredlyState, found[1:], strict=True))
    return Acceptance(
        issued=found[0],
        notified=found[0] - _silent(window),
        accepted=of[CredlyState.ACCEPTED],
        waiting=of[CredlyState.PENDING],
        rejected=of[CredlyState.REJECTED],
        revoked=of[CredlyState.REVOKED],
    )


def days_to_accept(window: Window) -> dict[int, int]:
    """Return how many accepted badges of the period took how many days, begun ones included.

    From the day of issue to when Credly says that its state changed; 1 is within a day.
    """
    seconds = _seconds(IssuedBadge.state_changed_at) - _seconds(IssuedBadge.issued_at)
    days = (cast(func.round(seconds), Integer) // _DAY).label("days")
    query = select(days, func.count()).where(
        *_issued_in(window),
        IssuedBadge.state == CredlyState.ACCEPTED,
        IssuedBadge.state_changed_at.is_not(None),
    )
    taken: dict[int, int] = {}
    for passed, count in db.session.execute(query.group_by(days)):
        within = max(passed, 0) + 1  # Credly's clock may be a little behind ours
        taken[within] = taken.get(within, 0) + count
    return taken


def open_deliveries() -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state that is not an end."""
    query = select(Delivery.state, func.count()).where(Delivery.state.in_(OPEN))
    found = dict(db.session.execute(query.group_by(Delivery.state)).all())
    return {state: found.get(state, 0) for state in OPEN}


def half_within(taken: dict[int, int]) -> int:
    """Return within how many days half of them were accepted; 0 without any."""
    wanted, passed = sum(taken.values()) / 2, 0
    for days in sorted(taken):
        passed += taken[days]
        if passed >= wanted:
            return days
    return 0


def _silent(window: Window) -> int:
    """Return how many wait and were never mentioned to their owners: as in `acceptance`.

    It looks at the few that came silently, and not at all that wait.
    """
    waits = select(IssuedBadge.id).where(
        IssuedBadge.id == Delivery.issued_badge_id,
        *_issued_in(window),
        IssuedBadge.state == CredlyState.PENDING,
        IssuedBadge.reminders == 0,
    )
    found = silent_ids().where(waits.exists()).distinct().subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def _issued_in(window: Window) -> tuple[ColumnElement[bool], ...]:
    people = window.people(IssuedBadge.learner_id)
    return _AT_CREDLY, window.period.holds(IssuedBadge.issued_at), people


def _seconds(moment: InstrumentedAttribute[datetime | None]) -> ColumnElement:
    """Return the seconds since some day long ago, with their parts."""
    if db.engine.dialect.name == "sqlite":
        # As whole seconds it would write them out as text and read that again, in twice the time.
        return func.julianday(moment, type_=Float) * _DAY
    return extract("epoch", moment)
