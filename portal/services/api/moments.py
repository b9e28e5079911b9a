"""Moments as other systems write and read them: ISO 8601, with the offset from UTC."""

from datetime import UTC, date, datetime

YEARS = range(1971, 9000)


def written(at: datetime | None) -> str | None:
    """Write a moment in UTC, such as 2026-05-31T12:00:00Z."""
    return None if at is None else at.isoformat().replace("+00:00", "Z")


def read(text: str) -> datetime:
    """Read a moment; raise ValueError for one without an offset, or of another age."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or found.year not in YEARS:
        raise ValueError
    return found.astimezone(UTC)


def read_day(text: str) -> date:
    """Read a day such as 2026-05-31; raise ValueError for anything else."""
    found = date.fromisoformat(text)
    if text != found.isoformat() or found.year not in YEARS:
        raise ValueError
    return found
