"""Who is asking: HTTP Basic with an authorization token, and what that token may do."""

import base64
import binascii
import hashlib
import secrets
import sqlite3
from datetime import datetime, timedelta

from portal.practice.answers import Refusal
from portal.practice.calls import new_id
from portal.practice.times import stamp

LIFETIME = timedelta(days=180)
RIGHTS = ("read_enabled", "write_enabled", "delete_enabled")
_NEEDED = {"GET": "read_enabled", "HEAD": "read_enabled", "DELETE": "delete_enabled"}


def token_of(header: str | None) -> str | None:
    """Read `Basic base64("token:")`; a missing colon is tolerated (credly-api.md 1.3)."""
    kind, _, packed = (header or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        plain = base64.b64decode(packed.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    return plain.split(":", 1)[0] or None


def fingerprint(token: str | None) -> str | None:
    """Enough of a hash to tell tokens apart in the log, and too little to use one."""
    return hashlib.sha256(token.encode()).hexdigest()[:12] if token else None


def admit(db: sqlite3.Connection, token: str | None, now: datetime) -> sqlite3.Row:
    """Return the token's row, or refuse with 401 when it is unknown or has expired."""
    row = db.execute("SELECT * FROM tokens WHERE token = ?", (token,)).fetchone()
    if row is None or (row["expires_at"] and row["expires_at"] <= stamp(now)):
        raise Refusal(401, "The authorization token is invalid or has expired")
    return row


def check_right(token: sqlite3.Row, method: str) -> None:
    """Refuse with 403 what the token was not made for."""
    if not token[_NEEDED.get(method, "write_enabled")]:
        raise Refusal(403, "The authorization token does not permit this action")


def add_token(
    db: sqlite3.Connection,
    organization_id: str,
    now: datetime,
    *,
    token: str | None = None,
    description: str | None = None,
    rights: tuple[bool, bool, bool] = (True, True, True),
    expires_at: str | None = None,
) -> sqlite3.Row:
    """Make a token that lasts 180 days unless told otherwise. A known one is set anew."""
    secret = token or secrets.token_urlsafe(27)
    ends = expires_at or stamp(now + LIFETIME)
    db.execute(
        "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (secret, new_id(), organization_id, description, *rights, stamp(now), ends),
    )
    return db.execute("SELECT * FROM tokens WHERE token = ?", (secret,)).fetchone()
