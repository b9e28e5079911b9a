"""Figures for the dashboard, each in one statement whatever the number of rows."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, select

from portal.extensions import db
from portal.models import IssuedBadge

WEEKS = 12


@dataclass(frozen=True)
class Week:
    """A week by its Monday, in the portal's time zone, and how many badges were issued in it."""

    monday: datetime
    issued: int


def issued_per_week(zone: ZoneInfo, now: datetime) -> list[Week]:
    """Return the last twelve weeks, oldest first; the last one is not over yet."""
    mondays = [_monday(zone, now, back) for back in range(WEEKS - 1, -1, -1)]
    ends = [*mondays[1:], now + timedelta(days=8)]
    inside = [
        func.sum(
            case((and_(IssuedBadge.issued_at >= start, IssuedBadge.issued_at < end), 1), else_=0)
        )
        for start, end in zip(mondays, ends, strict=True)
    ]
    at_credly = IssuedBadge.credly_id.is_not(None)
    query = select(*inside).where(at_credly, IssuedBadge.issued_at >= mondays[0])
    counts = db.session.execute(query).one()
    return [Week(monday, count or 0) for monday, count in zip(mondays, counts, strict=True)]


def funnel() -> dict[str, int]:
    """Return how many badges are at Credly, by Credly's state."""
    query = select(IssuedBadge.state, func.count()).where(IssuedBadge.credly_id.is_not(None))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(IssuedBadge.state))}


def _monday(zone: ZoneInfo, now: datetime, weeks_back: int) -> datetime:
    today = now.astimezone(zone).date()
    day = today - timedelta(days=today.weekday() + 7 * weeks_back)
    return datetime.combine(day, time(), tzinfo=zone)
