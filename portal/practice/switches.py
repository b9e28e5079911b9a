"""The switches: what nobody outside Credly knows for sure, to be tried both ways."""

import json
import sqlite3
from typing import Any

from portal.practice.answers import Refusal

DEFAULTS: dict[str, Any] = {
    "locale_unknown": "ignore",  # or "refuse"
    "next_page_keeps_filter": False,
    "current_page_beyond_end": "asked",  # or "last"
    "unknown_filter": "ignore",  # or "refuse"
    "revoked_blocks": False,  # does a revoked badge count as a duplicate?
    "auto_accept": False,  # a new badge is accepted at once
    "issued_at_missing": "refuse",  # or "now"
    "revoke_twice": "refuse",  # or "allow"
    "template_created_state": "draft",  # or "active"
    "template_delete_with_badges": "refuse",  # or "allow"
    "event_content": "current",  # or "snapshot"
    "error_messages_as_list": False,
    "rotate_status": 200,  # or 201
    "list_lag": 0.0,  # seconds until a new badge is seen in lists and searches
    "latency": 0.0,  # seconds before every API call
    "rate_limit": 0,  # requests a minute and token; 0 is no limit
    "page_size": 50,
    "high_volume_page_size": 1000,
    "webhooks": True,
    "webhook_repeat": 1,
    "webhook_shuffle": False,
    "webhook_retry_seconds": 10.0,  # the first wait; each later one is twice as long
}

_CHOICES: dict[str, tuple[Any, ...]] = {
    "locale_unknown": ("ignore", "refuse"),
    "current_page_beyond_end": ("asked", "last"),
    "unknown_filter": ("ignore", "refuse"),
    "issued_at_missing": ("refuse", "now"),
    "revoke_twice": ("refuse", "allow"),
    "template_created_state": ("draft", "active"),
    "template_delete_with_badges": ("refuse", "allow"),
    "event_content": ("current", "snapshot"),
    "rotate_status": (200, 201),
}
_AT_LEAST = {"page_size": 1, "high_volume_page_size": 1, "webhook_repeat": 1}


def read_switches(db: sqlite3.Connection) -> dict[str, Any]:
    """Return all switches, set or not."""
    rows = db.execute("SELECT name, value FROM switches").fetchall()
    return {**DEFAULTS, **{row["name"]: json.loads(row["value"]) for row in rows}}


def set_switches(db: sqlite3.Connection, wishes: dict[str, Any]) -> None:
    """Set some switches; a name or value that does not exist is refused and changes nothing."""
    for name, value in wishes.items():
        if not _fits(name, value):
            raise Refusal(422, f"There is no switch {name!r} with the value {value!r}")
    db.executemany(
        "INSERT OR REPLACE INTO switches (name, value) VALUES (?, ?)",
        [(name, json.dumps(value)) for name, value in wishes.items()],
    )


def _fits(name: str, value: Any) -> bool:
    if name not in DEFAULTS:
        return False
    if name in _CHOICES:
        return value in _CHOICES[name]
    if isinstance(DEFAULTS[name], bool):
        return isinstance(value, bool)
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and value >= _AT_LEAST.get(name, 0)
    )
