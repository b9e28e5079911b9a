"""Earners: accounts with one or more addresses, and what an earner does with a badge."""

import secrets
import sqlite3
from typing import Any

from portal.practice.answers import Refusal
from portal.practice.calls import Call, new_id
from portal.practice.events import record_event
from portal.practice.records import Record, save
from portal.practice.slugs import slug_of


def earner_with(call: Call, email: str) -> sqlite3.Row | None:
    """Return the account that has this address, or None."""
    query = (
        "SELECT earners.* FROM earners JOIN addresses ON addresses.earner_id = earners.id"
        " WHERE addresses.email = ?"
    )
    return call.db.execute(query, (email.lower(),)).fetchone()


def earner_by_id(call: Call, earner_id: str | None) -> sqlite3.Row | None:
    return call.db.execute("SELECT * FROM earners WHERE id = ?", (earner_id,)).fetchone()


def addresses_of(call: Call, earner_id: str) -> list[str]:
    query = "SELECT email FROM addresses WHERE earner_id = ? ORDER BY rowid"
    return [row["email"] for row in call.db.execute(query, (earner_id,))]


def add_earner(call: Call, first: str, last: str, emails: list[str]) -> sqlite3.Row:
    """Make an account, or add the addresses to the account that has one of them already."""
    known = [found for email in emails if (found := earner_with(call, email))]
    earner_id = known[0]["id"] if known else new_id()
    if not known:
        call.db.execute(
            "INSERT INTO earners (id, slug, first_name, last_name) VALUES (?, ?, ?, ?)",
            (earner_id, _free_slug(call.db, slug_of(f"{first} {last}")), first, last),
        )
    call.db.executemany(
        "INSERT OR REPLACE INTO addresses (email, earner_id) VALUES (?, ?)",
        [(email.lower(), earner_id) for email in emails],
    )
    return earner_by_id(call, earner_id)


def _free_slug(db: sqlite3.Connection, wanted: str) -> str:
    taken = db.execute("SELECT 1 FROM earners WHERE slug = ?", (wanted,)).fetchone()
    return f"{wanted}.{secrets.token_hex(4)}" if taken else wanted


def accept(call: Call, badge: Record) -> Record:
    """Accept a pending badge; whoever has no account yet gets one now."""
    _expect(badge, "pending", "accepted")
    names = (badge["issued_to_first_name"], badge["issued_to_last_name"])
    earner = add_earner(call, *names, [badge["recipient_email"]])
    return _move(call, badge, {"state": "accepted", "user_id": earner["id"]})


def reject(call: Call, badge: Record) -> Record:
    _expect(badge, "pending", "rejected")
    return _move(call, badge, {"state": "rejected"})


def _expect(badge: Record, state: str, wanted: str) -> None:
    if badge["state"] != state:
        raise Refusal(409, f"A badge that is {badge['state']} cannot be {wanted}")


def _move(call: Call, badge: Record, changes: dict[str, Any]) -> Record:
    moved = {**badge, **changes, "state_updated_at": call.moment, "updated_at": call.moment}
    save(call.db, moved)
    record_event(call, "badge.state.changed", moved)
    return moved


def set_public(call: Call, badge: Record, public: bool) -> Record:
    """Let an accepted badge be seen by everybody, or by its earner alone."""
    _expect(badge, "accepted", "shown or hidden")
    if badge["public"] == public:
        return badge
    changed = {**badge, "public": public, "updated_at": call.moment}
    save(call.db, changed)
    record_event(call, "badge.privacy.changed", changed)
    return changed
