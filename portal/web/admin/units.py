"""Numbers of settings with their unit, in words: what 604800 means to somebody who reads it."""

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from portal.services.running.installation import SettingLine

_SECONDS = (
    "CREDLY_DEADLINE",
    "DELIVERY_LEASE",
    "DELIVERY_PATIENCE",
    "DELIVERY_QUIET",
    "DELIVERY_WAITS",
    "SCAN_SECONDS",
)
_DAY, _HOUR, _MINUTE = 86400, 3600, 60


def in_words(line: SettingLine) -> str | None:
    """Return the value in words with its unit; None where it is no number of anything."""
    numbers = (line.value or "").replace(",", " ").split()
    if not numbers:
        return None
    if line.name.startswith("KEEP_") and line.name.endswith("_DAYS"):
        return _days(int(numbers[0]))
    if line.name in _SECONDS:
        return ", ".join(_time(float(one)) for one in numbers)
    return _calls(float(numbers[0])) if line.name == "CREDLY_RATE" else None


def _time(seconds: float) -> str:
    """Say seconds in the largest unit that comes out even, so that nothing is rounded away."""
    if seconds >= _DAY and seconds % _DAY == 0:
        return _days(int(seconds // _DAY))
    if seconds >= _HOUR and seconds % _HOUR == 0:
        return ngettext("%(num)s hour", "%(num)s hours", int(seconds // _HOUR))
    if seconds >= _MINUTE and seconds % _MINUTE == 0:
        return ngettext("%(num)s minute", "%(num)s minutes", int(seconds // _MINUTE))
    if seconds == 1:
        return _("1 second")
    return _("%(number)s seconds", number=format_decimal(seconds))


def _days(days: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", days)


def _calls(rate: float) -> str:
    if rate == 0:
        return _("no limit")
    return _("%(number)s calls a second over each connection", number=format_decimal(rate))
