"""Credly's tokens expire after 180 days (credly-api.md 1.3): staff hear of it in good time."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from portal.extensions import db
from portal.messages import Message, say
from portal.models import Connection, NotificationKind
from portal.services.people.notifications import notify_once, staff_ids

LIFE = timedelta(days=180)
WARN_AT = (30, 14, 3)  # days before the end
OVER = 0


def days_left(connection: Connection, now: datetime) -> int:
    """Return the whole days until the token expires; negative when it has."""
    return (connection.token_saved_at + LIFE - now).days


def warn(now: datetime) -> None:
    """Tell every admin and integration admin once at 30, 14 and 3 days, and when it is over,
    however many engines look at the same moment. The caller commits.
    """
    for connection in db.session.scalars(select(Connection)).all():
        left = days_left(connection, now)
        due = OVER if left < 0 else min((days for days in WARN_AT if left <= days), default=None)
        if due is None or not _is_first(connection, due):
            continue
        notify_once(
            person_ids=staff_ids(),
            kind=NotificationKind.TOKEN_EXPIRES,
            message=_words(connection, left),
            path=f"/admin/connectors/credly/{connection.id}",
            now=now,
        )


def _is_first(connection: Connection, due: int) -> bool:
    """Write down that this is said, unless it was: by another engine a moment ago, too."""
    first = or_(Connection.token_warned_at.is_(None), Connection.token_warned_at > due)
    done = db.session.execute(
        update(Connection)
        .where(Connection.id == connection.id, first)
        .values(token_warned_at=due)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


def _words(connection: Connection, left: int) -> Message:
    if left < 0:
        return say("told_token_expired", connection=connection.name)
    return say("told_token_expires", connection=connection.name, days=left)
