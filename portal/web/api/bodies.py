"""What a request to the API carries: JSON, member by member, and the key that it is known by."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from flask import request

from portal.messages import say
from portal.web.problems import Problem

KEY = "Idempotency-Key"
LONGEST_KEY = 200
LARGEST_ID = 2**31 - 1


def sent() -> dict[str, Any]:
    """Return the JSON object of this request; raise Problem for anything else."""
    if request.mimetype != "application/json":
        raise Problem(415, say("api_not_json"))
    try:
        found = json.loads(
            request.get_data(cache=False), object_pairs_hook=_once, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as exc:
        raise Problem(400, say("api_bad_json")) from exc
    if not isinstance(found, dict):
        raise Problem(422, say("api_no_object"))
    return found


def key() -> str:
    """Return the key that this request is known by."""
    given = request.headers.get(KEY, "")
    if not 1 <= len(given) <= LONGEST_KEY or not given.isprintable():
        raise Problem(400, say("api_key_missing", most=LONGEST_KEY), KEY)
    return given


def hash_of(body: dict[str, Any]) -> str:
    """Return what is kept of a request, however its members are ordered and spaced."""
    text = json.dumps([request.path, body], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class Members:
    """The members of a JSON object, taken one by one; what nobody takes is refused."""

    def __init__(self, body: dict[str, Any]):
        self.left = dict(body)

    def take(self, name: str, read: Callable[[Any], Any], wanted: str) -> Any:
        """Return a member; None where it is not there, or is null."""
        value = self.left.pop(name, None)
        if value is None:
            return None
        try:
            return read(value)
        except (ValueError, OverflowError) as exc:
            raise Problem(422, say("api_member_wrong", name=name, wanted=wanted), name) from exc

    def end(self) -> None:
        """Raise Problem for a member that nobody took."""
        for name in self.left:
            short = "".join(sign for sign in name[:50] if sign.isprintable())
            raise Problem(422, say("api_member_unknown", name=short), short)


def one_of(values: dict[str, Any], *, needed: bool = True) -> None:
    """Raise Problem unless one of these members is there, and only one."""
    there = [name for name, value in values.items() if value is not None]
    if len(there) > 1 or (needed and not there):
        names = " / ".join(values)
        raise Problem(422, say("api_member_one_of", names=names), (there or list(values))[0])


def number(value: Any) -> int:
    """Read an id."""
    if type(value) is not int or not 1 <= value <= LARGEST_ID:
        raise ValueError
    return value


def text(value: Any, longest: int = 255) -> str:
    """Read a text on one line."""
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not value.isprintable():
        raise ValueError
    return value


def yes_or_no(value: Any) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise ValueError
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member is there twice")
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)
