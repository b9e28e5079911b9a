"""Log lines: one each, as text (logfmt) or JSON, with ids and with nothing about people.

What other packages log may hold an address that somebody typed, so only its fixed words are kept.
"""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

OURS = "portal"
FRAMES = 12  # of a trouble's way, the last ones
_about: ContextVar[dict[str, object]] = ContextVar("about", default={})  # noqa: B039 — never changed


@contextmanager
def about(**facts: object) -> Iterator[None]:
    """Let every line that is logged inside carry these facts, such as the id of a delivery."""
    token = _about.set({**_about.get(), **facts})
    try:
        yield
    finally:
        _about.reset(token)


def begin(form: str, stream: TextIO | None = None) -> None:
    """Log to `stream` (standard error) from now on, as `text` or `json`."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OneLine(form))
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if isinstance(one.formatter, OneLine)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    logging.getLogger(OURS).setLevel(logging.INFO)


class OneLine(logging.Formatter):
    """Writes a record as one line of facts."""

    def __init__(self, form: str = "text"):
        super().__init__()
        self._write = as_json if form == "json" else as_text

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        facts: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "said": said(record),
            **_about.get(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            facts["trouble"] = trouble(record.exc_info[1])
        return self._write(facts)


def said(record: logging.LogRecord) -> str:
    """Return the words of a record; of another package's record no value but numbers."""
    if record.name.split(".")[0] == OURS or not record.args:
        return record.getMessage()
    given = record.args if isinstance(record.args, tuple) else ()
    kept = tuple(one if isinstance(one, int | float) else "…" for one in given)
    try:
        return str(record.msg) % kept
    except (TypeError, ValueError):
        return str(record.msg)


def trouble(exc: BaseException) -> str:
    """Name a trouble and the way to it, never its text: that may hold what people typed."""
    ways = []
    seen: BaseException | None = exc
    while seen is not None and len(ways) < 4:  # noqa: PLR2004 — a cause of a cause of a cause
        frames = traceback.extract_tb(seen.__traceback__)[-FRAMES:]
        places = [f"{one.filename.rsplit('/', 1)[-1]}:{one.lineno} {one.name}" for one in frames]
        ways.append(f"{type(seen).__name__} at {' > '.join(places) or 'no place'}")
        seen = seen.__cause__ or seen.__context__
    return " after ".join(ways)


def as_json(facts: dict[str, object]) -> str:
    """Write facts as a JSON object."""
    return json.dumps(facts, ensure_ascii=False, default=str)


def as_text(facts: dict[str, object]) -> str:
    """Write facts as `name=value` pairs; a value with a space or a quotation mark is quoted."""
    return " ".join(f"{name}={_quoted(str(value))}" for name, value in facts.items())


def _quoted(value: str) -> str:
    plain = value and value.isprintable() and not set(value) & set(' "=\\')
    return value if plain else json.dumps(value, ensure_ascii=False)
