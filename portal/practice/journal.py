"""The log of API calls: the third ledger of a fault run. Tokens are kept as a fingerprint only."""

import json
import sqlite3
from typing import Any

from portal.practice.auth import fingerprint
from portal.practice.incoming import Incoming


def write_entry(
    db: sqlite3.Connection,
    incoming: Incoming,
    *,
    status: int | None,
    badges: list[str],
    dropped: bool,
) -> int:
    """Write down one call, in the transaction that books what it asked for."""
    cursor = db.execute(
        "INSERT INTO log (time, method, path, query, body, headers, token, organization, status,"
        " badges, dropped) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(incoming.arrived, incoming.method, incoming.path, incoming.query, incoming.text()),
            *(json.dumps(incoming.headers), fingerprint(incoming.token), incoming.organization),
            *(status, json.dumps(badges), dropped),
        ),
    )
    return cursor.lastrowid or 0


def add_badges(db: sqlite3.Connection, sequence: int, badges: list[str]) -> None:
    """Note what was booked later than the call was written down."""
    db.execute("UPDATE log SET badges = ? WHERE sequence = ?", (json.dumps(badges), sequence))


def read_entries(db: sqlite3.Connection, since: int) -> list[dict[str, Any]]:
    rows = db.execute("SELECT * FROM log WHERE sequence > ? ORDER BY sequence", (since,))
    return [_entry(row) for row in rows]


def _entry(row: sqlite3.Row) -> dict[str, Any]:
    badges = json.loads(row["badges"])
    return {
        **{name: row[name] for name in ("sequence", "time", "method", "path", "query")},
        "body": _parsed(row["body"]),
        "headers": json.loads(row["headers"]),
        **{name: row[name] for name in ("token", "organization", "status")},
        "badge": badges[0] if badges else None,
        "badges": badges,
        "dropped": bool(row["dropped"]),
    }


def _parsed(body: str) -> Any:
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return body
