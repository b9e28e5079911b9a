"""What the address of a list asks for. What is not understood is refused, never left out."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import request

from portal.messages import say
from portal.services.api import moments
from portal.services.api.reads import MOST, USUAL
from portal.web.problems import Problem

LARGEST_ID = 2**31 - 1
LONGEST = 254
Reader = Callable[[str], Any]


class Unfit(ValueError):
    """A value that cannot be taken; the text says what would be."""


def asked(**known: Reader) -> dict[str, Any]:
    """Return what the address asks for, read by these; raise Problem for anything else in it."""
    readers = {"after": whole, "limit": limit, **known}
    for name in request.args:
        if name not in readers:
            raise Problem(400, say("api_parameter_unknown", name=_short(name)), _short(name))
        if len(request.args.getlist(name)) > 1:
            raise Problem(400, say("api_parameter_twice", name=name), name)
    return {"limit": USUAL} | {name: _read(name, readers[name]) for name in request.args}


def whole(text: str) -> int:
    """Read an id."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID):
        raise Unfit("a whole number")
    return int(text)


def limit(text: str) -> int:
    """Read how many rows are wanted."""
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= MOST):
        raise Unfit(f"1–{MOST}")
    return int(text)


def plain(text: str) -> str:
    """Read a text on one line."""
    if not text or len(text) > LONGEST or not text.isprintable():
        raise Unfit(f"1–{LONGEST} printable characters")
    return text


def flag(text: str) -> bool:
    """Read yes or no."""
    if text not in {"true", "false"}:
        raise Unfit("true, false")
    return text == "true"


def moment(text: str) -> datetime:
    """Read a moment with its offset from UTC, such as 2026-05-31T12:00:00Z."""
    try:
        return moments.read(text)
    except (ValueError, OverflowError) as exc:
        raise Unfit("2026-05-31T12:00:00Z") from exc


def one_of(words: type[StrEnum]) -> Reader:
    """Return what reads one of these words."""

    def read(text: str) -> StrEnum:
        if text not in set(words):
            raise Unfit(", ".join(words))
        return words(text)

    return read


def _read(name: str, reader: Reader) -> Any:
    try:
        return reader(request.args[name])
    except Unfit as unfit:
        said = say("api_parameter_wrong", name=name, wanted=str(unfit))
        raise Problem(400, said, name) from unfit


def _short(name: str) -> str:
    return "".join(sign for sign in name[:50] if sign.isprintable())
