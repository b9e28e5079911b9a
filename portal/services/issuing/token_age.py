"""Credly's tokens expire after 180 days (credly-api.md 1.3): staff hear of it in good time."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.extensions import db
from portal.messages import say
from portal.models import Connection, NotificationKind
from portal.services.people.notifications import notify_once, staff_ids

LIFE = timedelta(days=180)
WARN_AT = (30, 14, 3)  # days before the end


def days_left(connection: Connection, now: datetime) -> int:
    """Return the whole days until the token expires; negative when it has."""
    return (connection.token_saved_at + LIFE - now).days


def warn(now: datetime) -> None:
    """Tell every admin and integration admin once at 30, 14 and 3 days. The caller commits."""
    for connection in db.session.scalars(select(Connection)).all():
        left = days_left(connection, now)
        due = min((days for days in WARN_AT if left <= days), default=None)
        if due is None or (connection.token_warned_at or 1000) <= due:
            continue
        connection.token_warned_at = due
        left = max(left, 0)
        notify_once(
            person_ids=staff_ids(),
            kind=NotificationKind.TOKEN_EXPIRES,
            message=say("told_token_expires", connection=connection.name, days=left),
            path=f"/admin/connectors/credly/{connection.id}",
            now=now,
        )
