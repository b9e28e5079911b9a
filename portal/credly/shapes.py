"""Reading untrusted JSON: each reader gives a clean value of one kind or raises Unsure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime

from portal.credly.errors import Unsure

Json = Mapping[str, object]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NIL = "00000000-0000-0000-0000-000000000000"
_KEPT = frozenset("\n\t")
_TURNS = frozenset(
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)  # of the writing direction


def is_uuid(text: object) -> bool:
    """Whether this is a UUID in its canonical form, in either case; the nil one is none."""
    if not isinstance(text, str) or not text.isascii():
        return False
    return text != _NIL and _UUID.fullmatch(text.lower()) is not None


def wrong_shape() -> Unsure:
    """The trouble of an answer that can be read but does not mean what it should."""
    return Unsure("wrong_shape")


def part(data: object, key: str) -> Json:
    """The object under `key`; an empty one if the key is absent or null."""
    found = data.get(key) if isinstance(data, Mapping) else None
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise wrong_shape()
    return found


def parts(data: Json, key: str) -> list[object]:
    """The list under `key`; an empty one if the key is absent or null."""
    found = data.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise wrong_shape()
    return found


def text(data: Json, key: str, *, limit: int = 1000) -> str | None:
    """The text under `key`, or None. Numbers become text, since some ids come in both forms."""
    found = data.get(key)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise wrong_shape()
    return clean(found)[:limit]


def address(data: Json, key: str, *, limit: int = 500) -> str | None:
    """The address under `key`, or None. One that is too long is none: half of it leads nowhere."""
    found = text(data, key, limit=limit + 1)
    return None if found is None or len(found) > limit else found


def needed_text(data: Json, key: str, *, limit: int = 500) -> str:
    """The text under `key`, which must be there."""
    found = text(data, key, limit=limit)
    if found is None:
        raise wrong_shape()
    return found


def uuid(data: Json, key: str) -> str:
    """The id under `key`, in lower case; it must be there."""
    found = data.get(key)
    if not isinstance(found, str) or not is_uuid(found):
        raise wrong_shape()
    return found.lower()


def maybe_uuid(data: Json, key: str) -> str | None:
    """The id under `key`, in lower case, or None; something else is strange."""
    return None if data.get(key) in (None, "") else uuid(data, key)


def flag(data: Json, key: str) -> bool | None:
    """The yes or no under `key`, or None."""
    found = data.get(key)
    if found is not None and not isinstance(found, bool):
        raise wrong_shape()
    return found


def moment(data: Json, key: str) -> datetime | None:
    """The moment under `key` in UTC, or None (credly-api.md 2.4). `false` means never."""
    found = data.get(key)
    if found is None or found is False or found == "":
        return None
    try:
        read = datetime.fromisoformat(found)  # type: ignore[arg-type]
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise wrong_shape() from None


def clean(found: str) -> str:
    """Drop what no database or page should hold: controls, lone surrogates, turned text."""
    if found.isprintable():  # none of these is, and asking sign by sign takes long
        return found
    return "".join(sign for sign in found if sign in _KEPT or not _is_harmful(sign))


def _is_harmful(sign: str) -> bool:
    return sign in _TURNS or unicodedata.category(sign) in ("Cc", "Cs")
