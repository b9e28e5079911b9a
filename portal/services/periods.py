"""The part of the figures that somebody looks at: a stretch of days, and perhaps one group."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, column, func, select, true, values
from sqlalchemy.orm import InstrumentedAttribute

from portal.extensions import db
from portal.models import GroupMember
from portal.models.columns import Moment

MOST_WEEKS = 53  # what is longer is counted by months
MOST_DAYS = 3660
LAST_WEEKS = (4, 12, 52)
USUAL = 12


@dataclass(frozen=True)
class Bucket:
    """A week or a month, as far as it lies in the period: its first day, and its moments."""

    first: date
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included, as days are counted in `zone`."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self._midnight(self.last + timedelta(days=1))

    @property
    def by_month(self) -> bool:
        """Whether weeks would be too many."""
        return (self.last - _monday(self.first)).days >= 7 * MOST_WEEKS

    def buckets(self) -> list[Bucket]:
        """Return its weeks (from Monday) or months, oldest first; at most as many as are drawn."""
        days = list(self._beginnings())
        ends = [*days[1:], self.last + timedelta(days=1)]
        return [
            Bucket(day, self._midnight(day), self._midnight(end))
            for day, end in zip(days, ends, strict=True)
        ]

    def holds(self, moment: InstrumentedAttribute) -> ColumnElement[bool]:
        """Return the condition that a moment lies in it."""
        return (moment >= self.begins) & (moment < self.ends)

    def _beginnings(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day = _next_month(day) if self.by_month else _monday(day) + timedelta(days=7)

    def _midnight(self, day: date) -> datetime:
        # Midnight of the zone, whatever its clocks do in between: days of 23 and 25 hours count.
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True)
class Window:
    """A period, and the group whose people are looked at; 0 is everybody."""

    period: Period
    group_id: int = 0

    def people(self, person_id: InstrumentedAttribute) -> ColumnElement[bool]:
        """Return the condition that somebody is in the group."""
        if not self.group_id:
            return true()
        return person_id.in_(select(GroupMember.person_id).filter_by(group_id=self.group_id))

    def count(
        self, moment: InstrumentedAttribute, *conditions: ColumnElement[bool]
    ) -> list[tuple[date, int]]:
        """Count the rows of each week or month by one statement, each bucket a look at an index."""
        buckets = self.period.buckets()
        rows = [(number, one.begins, one.ends) for number, one in enumerate(buckets)]
        spans = values(
            column("number", Integer),
            column("begins", Moment),
            column("ends", Moment),
            name="spans",
        )
        spans = spans.data(rows).cte()
        inside = (moment >= spans.c.begins, moment < spans.c.ends, *conditions)
        counted = select(func.count()).where(*inside).correlate(spans).scalar_subquery()
        found = dict(db.session.execute(select(spans.c.number, counted)).all())
        return [(one.first, found[number]) for number, one in enumerate(buckets)]


def last_weeks(weeks: int, zone: ZoneInfo, now: datetime) -> Period:
    """Return so many weeks up to today; this week, which is not over yet, is one of them."""
    today = now.astimezone(zone).date()
    return Period(_monday(today) - timedelta(days=7 * (weeks - 1)), today, zone)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
