"""Whether background work is being done: engines leave a sign, and the queue must not age."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.extensions import db
from portal.models import CLAIMABLE, Connection, ConnectionState, Delivery, Setting
from portal.services.issuing.patience import PROBE_EVERY

SIGN = "jobs_seen_at"
SILENT_AFTER = timedelta(seconds=60)
QUEUE_TOO_OLD = timedelta(minutes=15)
FAILING_TOO_LONG = timedelta(minutes=30)


def leave_sign(now: datetime) -> None:
    """Write down that an engine is alive. Commits."""
    text = now.isoformat()
    done = db.session.execute(update(Setting).where(Setting.name == SIGN).values(value=text))
    if not done.rowcount:
        db.session.add(Setting(name=SIGN, value=text))
    try:
        db.session.commit()
    except IntegrityError:  # another engine was first, which is just as good
        db.session.rollback()


def is_anybody_working(now: datetime) -> bool:
    """Say whether an engine left a sign within the last minute."""
    text = db.session.scalar(select(Setting.value).where(Setting.name == SIGN))
    return text is not None and now - datetime.fromisoformat(text) < SILENT_AFTER


def oldest_waiting(now: datetime) -> datetime | None:
    """Return since when the oldest delivery is due that could leave right now."""
    free = or_(Connection.closed_until.is_(None), Connection.closed_until <= now)
    query = (
        select(func.min(Delivery.due))
        .join(Connection, Delivery.connection_id == Connection.id)
        .where(Delivery.state.in_(CLAIMABLE), Delivery.due <= now)
        .where(Connection.state == ConnectionState.WORKING, free)
    )
    return db.session.scalar(query)


def is_held_up(now: datetime) -> bool:
    """Say whether something due waits for a connection that has been failing for long.

    A held or paused connection waits for a person, who is told; one that is closed for longer than
    it takes to try again obeys Credly. Both are as they should be.
    """
    obeys = Connection.closed_until > now + timedelta(seconds=PROBE_EVERY)
    query = (
        select(Delivery.id)
        .join(Connection, Delivery.connection_id == Connection.id)
        .where(Connection.state == ConnectionState.WORKING)
        .where(Connection.failing_since <= now - FAILING_TOO_LONG)
        .where(or_(Connection.closed_until.is_(None), ~obeys))
        # Once due and put off is due still, or the light would change with every wait.
        .where(Delivery.state.in_(CLAIMABLE), or_(Delivery.due <= now, Delivery.failures > 0))
    )
    return db.session.scalar(query.limit(1)) is not None


def is_well(now: datetime) -> bool:
    """Say whether work is being done and nothing waits that should have left long ago."""
    oldest = oldest_waiting(now)
    in_time = oldest is None or now - oldest < QUEUE_TOO_OLD
    return is_anybody_working(now) and in_time and not is_held_up(now)
