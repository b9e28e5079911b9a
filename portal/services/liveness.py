"""Whether background work is being done: engines leave a sign, and the queue must not age."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.extensions import db
from portal.models import CLAIMABLE, Connection, ConnectionState, Delivery, Setting

SIGN = "jobs_seen_at"
SILENT_AFTER = timedelta(seconds=60)
QUEUE_TOO_OLD = timedelta(minutes=15)


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


def is_well(now: datetime) -> bool:
    """Say whether work is being done and nothing waits that should have left long ago."""
    oldest = oldest_waiting(now)
    in_time = oldest is None or now - oldest < QUEUE_TOO_OLD
    return is_anybody_working(now) and in_time
