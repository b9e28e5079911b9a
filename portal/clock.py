"""The one clock: aware moments in UTC, and the time zone in which days and months are counted."""

import calendar
from datetime import UTC, datetime, tzinfo

_zone: list[tzinfo] = [UTC]


def utc_now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


def count_in(zone: tzinfo) -> None:
    """Count days and months in this zone from now on. The factory says it once (TIME_ZONE)."""
    _zone[0] = zone


def months_later(moment: datetime, months: int) -> datetime:
    """Return the same local day and time so many calendar months later, in UTC.

    A day that the month does not have is its last: a month after 31 January is 28 February.
    """
    local = moment.astimezone(_zone[0])
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)
