"""Credly's tokens expire after 180 days (credly-api.md 1.3): staff hear of it in good time."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.extensions import db
from portal.models import Connection, Mail, Person, PersonRole, Role
from portal.services.means import Means

LIFE = timedelta(days=180)
WARN_AT = (30, 14, 3)  # days before the end


def days_left(connection: Connection, now: datetime) -> int:
    """Return the whole days until the token expires; negative when it has."""
    return (connection.token_saved_at + LIFE - now).days


def mail_warnings(means: Means, now: datetime) -> None:
    """Mail every admin and integration admin once at 30, 14 and 3 days. The caller commits."""
    if not means.mail_is_set_up:
        return
    for connection in db.session.scalars(select(Connection)).all():
        left = days_left(connection, now)
        due = min((days for days in WARN_AT if left <= days), default=None)
        if due is None or (connection.token_warned_at or 1000) <= due:
            continue
        connection.token_warned_at = due
        values = {"connection": connection.name, "days": max(left, 0)}
        for person_id in _staff():
            db.session.add(Mail(person_id=person_id, kind="token_expires", values=values, due=now))


def _staff() -> list[int]:
    roles = [Role.ADMIN, Role.INTEGRATION_ADMIN]
    query = select(PersonRole.person_id).join(Person).where(PersonRole.role.in_(roles))
    return list(db.session.scalars(query.where(Person.active).distinct()))
