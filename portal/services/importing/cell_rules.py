"""What may stand in single cells: texts one can see, moments of the published form."""

import re
import unicodedata
from datetime import UTC, datetime
from urllib.parse import unquote

from portal.fetching import literal_is_forbidden

EARLIEST = datetime(1981, 1, 1, tzinfo=UTC)
LATEST = datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC)  # the last moment of a 32-bit clock

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)
_LIKE_A_NUMBER = re.compile(r"0\d+|\d+\.\d+|\d+(\.\d+)?E[+-]?\d+", re.ASCII | re.IGNORECASE)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_SCHEME_OR_DRIVE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# Letters by their category, but drawn as nothing at all.
_DRAWN_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def can_be_seen(text: str) -> bool:
    """Say whether a text has anything to look at."""
    if text[:1].isalnum() and text[:1].isascii():
        return True
    drawn = (sign for sign in text if sign not in _DRAWN_EMPTY)
    return any(unicodedata.category(sign)[0] not in "CZ" for sign in drawn)


def without_spaces(text: str) -> str:
    """Take the spaces around a text away, but not tabs and line breaks: those are kept exactly."""
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start]) == "Zs":
        start += 1
    while end > start and unicodedata.category(text[end - 1]) == "Zs":
        end -= 1
    return text[start:end]


def moment_of(text: str) -> datetime | None:
    """Return the moment, or None for anything but `YYYY-MM-DDThh:mm:ss.mmmZ`."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def as_text(moment: datetime | None) -> str | None:
    """Return a moment in the form of the file."""
    if moment is None:
        return None
    return (
        moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
    )


def may_be_of_a_spreadsheet(text: str) -> bool:
    """Say whether a spreadsheet writes (or would rewrite) ids like this one: 1E3, 1.0, 01, １."""
    return bool(_LIKE_A_NUMBER.fullmatch(text)) or (text.isdigit() and not text.isascii())


def is_address(text: str) -> bool:
    """Say whether a text begins like a web address."""
    return _ADDRESS.match(text) is not None


def is_fetchable(address: str) -> bool:
    """Say whether the portal would even try this address; no name is resolved."""
    return not literal_is_forbidden(address)


def is_path_inside(text: str) -> bool:
    """Say whether a text is a path that stays inside the upload."""
    if "\\" in text or text.startswith("/") or _SCHEME_OR_DRIVE.match(text):
        return False
    if any(unicodedata.category(sign) == "Cc" for sign in text):
        return False
    return not any(".." in path.split("/") for path in (text, unquote(text)))
