"""Whether background work is being done: engines leave a sign, and the queue must not age."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from portal.extensions import db
from portal.meters import Meter
from portal.models import CLAIMABLE, Connection, ConnectionState, Delivery, EngineSign
from portal.services.issuing.patience import FAILING_LONG, PROBE_EVERY

SILENT_AFTER = timedelta(seconds=60)
QUEUE_TOO_OLD = timedelta(minutes=15)
SHOWN_FOR = timedelta(hours=1)  # an engine that is silent for so long is forgotten


def leave_sign(meter: Meter, now: datetime) -> None:
    """Write down that the engine of this process is alive, and what it has done. Commits."""
    facts = {"seen_at": now, "tries": meter.tries()}
    mine = update(EngineSign).where(EngineSign.name == meter.name)
    if not db.session.execute(mine.values(**facts)).rowcount:
        sign = EngineSign(name=meter.name, started_at=meter.started_at, **facts)
        db.session.add(sign)
    db.session.commit()


def forget_silent(now: datetime) -> None:
    """Forget the engines that ended. The caller commits."""
    db.session.execute(delete(EngineSign).where(EngineSign.seen_at < now - SHOWN_FOR))


def count_engines(now: datetime) -> int:
    """Return how many engines left a sign within the last minute."""
    fresh = EngineSign.seen_at > now - SILENT_AFTER
    return db.session.scalar(select(func.count()).select_from(EngineSign).where(fresh)) or 0


def is_anybody_working(now: datetime) -> bool:
    """Say whether an engine left a sign within the last minute."""
    newest = db.session.scalar(select(func.max(EngineSign.seen_at)))
    return newest is not None and now - newest < SILENT_AFTER


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
        .where(Connection.failing_since <= now - FAILING_LONG)
        .where(or_(Connection.closed_until.is_(None), ~obeys))
        # Once due and put off is due still, or the light would change with every wait.
        .where(Delivery.state.in_(CLAIMABLE), or_(Delivery.due <= now, Delivery.failures > 0))
    )
    return db.session.scalar(query.limit(1)) is not None


def parts(now: datetime) -> dict[str, bool]:
    """Say of each thing that must be well whether it is."""
    oldest = oldest_waiting(now)
    return {
        "engines": is_anybody_working(now),
        "queue": oldest is None or now - oldest < QUEUE_TOO_OLD,
        "connections": not is_held_up(now),
    }
