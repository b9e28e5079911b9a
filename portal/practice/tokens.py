"""The token calls: list, create, rotate (credly-api.md 3.6)."""

import sqlite3
from typing import Any

from portal.practice.answers import Answer, enveloped
from portal.practice.auth import RIGHTS, add_token
from portal.practice.calls import Call
from portal.practice.organizations import organization_of


def list_tokens(call: Call, organization_id: str) -> Answer:
    """A token that can only read sees only tokens that can only read."""
    where = "organization_id = ?"
    if not (call.token["write_enabled"] or call.token["delete_enabled"]):
        where += " AND NOT write_enabled AND NOT delete_enabled"
    query = f"SELECT * FROM tokens WHERE {where} ORDER BY created_at"  # noqa: S608 - fixed text
    rows = call.db.execute(query, (organization_id,)).fetchall()
    return enveloped([token_body(call, row) for row in rows])


def create_token(call: Call, organization_id: str) -> Answer:
    read, write, delete = (bool(call.body.get(name, name == RIGHTS[0])) for name in RIGHTS)
    row = add_token(
        call.db,
        organization_id,
        call.now,
        description=call.body.get("description"),
        rights=(read, write, delete),
    )
    return enveloped(token_body(call, row), status=201)


def rotate_token(call: Call, organization_id: str) -> Answer:
    """Give a new token with the same rights. The old one is dead at once."""
    old = call.token
    new = add_token(
        call.db,
        organization_id,
        call.now,
        description=old["description"],
        rights=tuple(bool(old[name]) for name in RIGHTS),
    )
    call.db.execute("DELETE FROM tokens WHERE token = ?", (old["token"],))
    return enveloped(token_body(call, new), status=call.switches["rotate_status"])


def token_body(call: Call, row: sqlite3.Row) -> dict[str, Any]:
    owner = organization_of(call, row["organization_id"])
    return {
        "id": row["id"],
        "token": row["token"],
        "owner_id": row["organization_id"],
        "description": row["description"],
        "write_enabled": bool(row["write_enabled"]),
        "read_enabled": bool(row["read_enabled"]),
        "delete_enabled": bool(row["delete_enabled"]),
        "created_at": row["created_at"],
        "expires_at": row["expires_at"],
        "owner": {
            "type": "Organization",
            "id": owner["id"],
            "name": owner["name"],
            "url": call.addresses.api(f"/organizations/{owner['id']}"),
        },
    }
