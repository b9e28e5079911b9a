"""Days as people mean them: counted in the portal's time zone, kept as moments in UTC."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a day."""
    begins = datetime.combine(day + timedelta(days=1), time(), zone)
    return begins.astimezone(UTC) - timedelta(seconds=1)


def moment_on(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """Return a moment on that day: now when it is today, else its noon, which is that day nearly
    everywhere."""
    if day == now.astimezone(zone).date():
        return now
    return datetime.combine(day, time(12), zone).astimezone(UTC)
