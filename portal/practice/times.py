"""Moments as Credly writes them (UTC, milliseconds, Z) and as clients send them (any way)."""

import re
from datetime import UTC, datetime, timedelta, timezone

_MOMENT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[ap]m)?\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE | re.ASCII,
)


def right_now() -> datetime:
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write a moment as `2014-04-01T14:41:00.000Z`."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def read_moment(text: str) -> datetime | None:
    """Read the documented form, ISO 8601 and sloppy ones; None when it is no moment at all.

    Fractions of a second are dropped and a missing zone means UTC (credly-api.md 2.4).
    """
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return None
    try:
        day = datetime.strptime(found["day"], "%Y-%m-%d").replace(tzinfo=_zone(found["zone"]))
        return day.replace(
            hour=_hour(int(found["hour"] or 0), found["half"]),
            minute=int(found["minute"] or 0),
            second=int(found["second"] or 0),
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _hour(hour: int, half: str | None) -> int:
    # Clients are known to send "13:05 pm": only a clock of twelve hours is turned.
    if half is None or hour > 12:
        return hour
    return hour % 12 + (12 if half.lower() == "pm" else 0)


def _zone(text: str | None) -> timezone:
    if text is None or text.upper() in {"Z", "UTC"}:
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
