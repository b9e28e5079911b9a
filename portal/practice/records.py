"""Badge records: what is stored of an issued badge, before anybody shows it."""

import json
import sqlite3
from typing import Any

Record = dict[str, Any]

_SAVE = """
INSERT INTO badges (id, organization_id, template_id, email, issuer_earner_id, user_id, state,
    public, replacement_badge_id, issued_at, created_at, updated_at, expires_at, state_updated_at,
    search, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET template_id = excluded.template_id, email = excluded.email,
    issuer_earner_id = excluded.issuer_earner_id, user_id = excluded.user_id,
    state = excluded.state, public = excluded.public,
    replacement_badge_id = excluded.replacement_badge_id, issued_at = excluded.issued_at,
    updated_at = excluded.updated_at, expires_at = excluded.expires_at,
    state_updated_at = excluded.state_updated_at, search = excluded.search, data = excluded.data
"""


def save(db: sqlite3.Connection, badge: Record) -> None:
    """Store a badge, new or changed; the columns beside the JSON are there to be searched."""
    names = ("issued_to_first_name", "issued_to_middle_name", "issued_to_last_name")
    words = [badge[name] for name in names if badge[name]]
    db.execute(
        _SAVE,
        (
            *(badge["id"], badge["organization_id"], badge["template_id"]),
            *(badge["recipient_email"].lower(), badge["issuer_earner_id"], badge["user_id"]),
            *(badge["state"], badge["public"], badge["replacement_badge_id"]),
            *(badge["issued_at"], badge["created_at"], badge["updated_at"]),
            *(badge["expires_at"], badge["state_updated_at"]),
            " ".join([*words, badge["recipient_email"]]).casefold(),
            json.dumps(badge),
        ),
    )


def record_from(row: sqlite3.Row) -> Record:
    return json.loads(row["data"])


def find_badge(
    db: sqlite3.Connection, badge_id: str, organization_id: str | None = None
) -> Record | None:
    """Return the badge of this organisation (of any, for None), or None."""
    row = db.execute("SELECT * FROM badges WHERE id = ?", (badge_id,)).fetchone()
    if row is None or organization_id not in {None, row["organization_id"]}:
        return None
    return record_from(row)
