"""The plan: a queue of misbehaviours, each taken by the calls that it matches."""

import json
import re
import sqlite3
from typing import Any

from portal.practice.answers import Refusal
from portal.practice.incoming import Incoming

KEYS = frozenset(
    {
        *("match", "times", "when", "status", "headers", "body", "json", "content_type"),
        *("set", "without", "pad", "truncate"),
        *("delay", "drop", "seconds", "interval", "part", "kill", "book_later"),
    }
)
DROPS = ("reset", "close", "half_body", "drip", "hang")
_MATCHES = frozenset({"method", "path", "organization", "body_contains"})


def add_steps(db: sqlite3.Connection, steps: Any) -> None:
    """Append steps to the plan; a step that says something unknown is refused, with all others."""
    if not isinstance(steps, list):
        raise Refusal(422, "steps must be a list")
    for step in steps:
        _check(step)
    db.executemany(
        "INSERT INTO plan (remaining, data) VALUES (?, ?)",
        [(step.get("times", 1), json.dumps(step)) for step in steps],
    )


def _check(step: Any) -> None:
    if not isinstance(step, dict) or step.keys() - KEYS:
        raise Refusal(422, f"A step knows only {', '.join(sorted(KEYS))}")
    if step.get("match", {}).keys() - _MATCHES:
        raise Refusal(422, f"match knows only {', '.join(sorted(_MATCHES))}")
    if step.get("drop") not in {None, *DROPS} or step.get("when") not in {None, "before", "after"}:
        raise Refusal(422, "drop or when has an unknown value")
    try:
        re.compile(step.get("match", {}).get("path", ""))
    except (re.error, TypeError) as exc:
        raise Refusal(422, "path must be a regular expression") from exc


def take_step(db: sqlite3.Connection, incoming: Incoming) -> dict[str, Any] | None:
    """Take the first step that matches; `times: 0` stays until the plan is cleared."""
    for row in db.execute("SELECT * FROM plan ORDER BY sequence").fetchall():
        step = json.loads(row["data"])
        if _matches(step.get("match", {}), incoming):
            _count_down(db, row)
            return step
    return None


def _count_down(db: sqlite3.Connection, row: sqlite3.Row) -> None:
    if row["remaining"] == 1:
        db.execute("DELETE FROM plan WHERE sequence = ?", (row["sequence"],))
    elif row["remaining"] > 1:
        query = "UPDATE plan SET remaining = remaining - 1 WHERE sequence = ?"
        db.execute(query, (row["sequence"],))


def _matches(match: dict[str, Any], incoming: Incoming) -> bool:
    return (
        match.get("method", incoming.method).upper() == incoming.method
        and match.get("organization", incoming.organization) == incoming.organization
        and match.get("body_contains", "") in incoming.text()
        and re.search(match.get("path", ""), incoming.path) is not None
    )


def read_steps(db: sqlite3.Connection) -> list[dict[str, Any]]:
    rows = db.execute("SELECT * FROM plan ORDER BY sequence")
    return [{**json.loads(row["data"]), "times": row["remaining"]} for row in rows]


def clear_steps(db: sqlite3.Connection) -> None:
    db.execute("DELETE FROM plan")
