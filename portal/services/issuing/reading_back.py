"""Keeping issued badges true: single re-reads while pending, and list pages for all the others."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.credly.errors import ConnectionTrouble, CredlyTrouble
from portal.credly.payloads import Badge as CredlyBadge
from portal.extensions import db
from portal.models import Badge, Connection, ConnectionState, CredlyState, IssuedBadge, Person
from portal.services.issuing import health, issued_badges
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.claims import anything_ready, claim, new_owner
from portal.services.means import Means

LEASE = timedelta(minutes=2)
REFRESH_EVERY = timedelta(hours=1)
PUT_OFF = timedelta(minutes=5)
PAGE = 500


def check_now(*, issued: IssuedBadge, now: datetime) -> None:
    """Have this badge read at Credly as soon as possible. Commits."""
    if issued.credly_id:
        issued.due = now
        db.session.commit()


def read_next(means: Means, now: datetime) -> bool:
    """Read one badge that is due at Credly; say whether there was one."""
    ready = IssuedBadge.due <= now
    there = anything_ready(IssuedBadge, ready)
    end_transaction()
    if not there:
        return False
    values = {"due": now + LEASE, "owner": new_owner(), "reads": IssuedBadge.reads + 1}
    ids = claim(IssuedBadge, ready=ready, values=values, limit=1)
    if not ids:
        return False
    issued = _with_connection(ids[0])
    end_transaction()
    connection = issued.badge.connection
    if connection is None or issued.credly_id is None:
        issued.due = None
    elif health.is_closed(connection, now):
        issued.due = connection.closed_until
        issued.reads -= 1
    else:
        _read(issued, connection, means, now)
    db.session.commit()
    return True


def _read(issued: IssuedBadge, connection: Connection, means: Means, now: datetime) -> None:
    try:
        badge = client_for(connection, means).badge(issued.credly_id)
    except CredlyTrouble as trouble:
        if isinstance(trouble, ConnectionTrouble):
            health.hold(connection, trouble, now)
        issued.due = now + PUT_OFF
        return
    if badge is None:
        issued_badges.gone(issued, now)
    else:
        issued_badges.apply(issued, badge, means, now)
        issued_badges.plan_next_read(issued, now)


def refresh_next(means: Means, now: datetime) -> bool:
    """Refresh the badges of one connection that is due for it by list pages; say if there was one.

    Uses `high_volume_issued_badge_search` (credly-api.md 3.3): never one call a badge.
    """
    open_now = Connection.failing_since.is_(None)
    ready = (Connection.state == ConnectionState.WORKING) & (Connection.refresh_due <= now)
    ready = ready & open_now
    query = select(Connection).where(ready).order_by(Connection.refresh_due).limit(1)
    connection = db.session.scalars(query).first()
    end_transaction()
    if connection is None or not _take_refresh(connection, now):
        return False
    try:
        found = client_for(connection, means).search("minimal")
        while page := list(islice(found, PAGE)):
            _apply_page(page, means, now)
            end_transaction()
    except CredlyTrouble as trouble:
        if isinstance(trouble, ConnectionTrouble):
            health.hold(connection, trouble, now)
            db.session.commit()
        return True
    connection.refreshed_at = now
    _read_the_missing(connection, now)
    db.session.commit()
    return True


def _read_the_missing(connection: Connection, now: datetime) -> None:
    """What the list did not show may be gone at Credly: it is read by itself, once."""
    mine = select(Badge.id).where(Badge.connection_id == connection.id)
    db.session.execute(
        update(IssuedBadge)
        .where(IssuedBadge.badge_id.in_(mine), IssuedBadge.credly_id.is_not(None))
        .where(IssuedBadge.gone_at.is_(None), IssuedBadge.due.is_(None))
        .where(IssuedBadge.read_at < now, IssuedBadge.state != CredlyState.REVOKED)
        .values(due=now)
        .execution_options(synchronize_session=False)
    )


def _take_refresh(connection: Connection, now: datetime) -> bool:
    """One worker refreshes a connection; it comes round again in an hour."""
    won = db.session.execute(
        update(Connection)
        .where(Connection.id == connection.id, Connection.refresh_due == connection.refresh_due)
        .values(refresh_due=now + REFRESH_EVERY)
        .execution_options(synchronize_session=False)
    )
    waiting = _something_issued(connection)
    db.session.commit()
    return won.rowcount == 1 and waiting


def _something_issued(connection: Connection) -> bool:
    query = (
        select(IssuedBadge.id)
        .join(IssuedBadge.badge)
        .where(Badge.connection_id == connection.id, IssuedBadge.credly_id.is_not(None))
        .where(IssuedBadge.state != CredlyState.REVOKED)
    )
    return db.session.scalar(query.limit(1)) is not None


def _apply_page(page: Sequence[CredlyBadge], means: Means, now: datetime) -> None:
    said = {badge.id: badge for badge in page}
    query = select(IssuedBadge).where(IssuedBadge.credly_id.in_(list(said)))
    for issued in db.session.scalars(query):
        badge = said[issued.credly_id]
        if badge.state != issued.state:
            # Rows of the search are short: the badge itself is read for its addresses.
            issued.due = now
            issued.reads = 0
        issued.read_at = now


def _with_connection(issued_id: int) -> IssuedBadge:
    query = (
        select(IssuedBadge)
        .where(IssuedBadge.id == issued_id)
        .options(
            joinedload(IssuedBadge.badge).joinedload(Badge.connection),
            joinedload(IssuedBadge.learner).lazyload(Person.role_rows),
        )
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).unique().one()
