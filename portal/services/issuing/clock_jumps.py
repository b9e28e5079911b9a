"""When the machine's clock was set back, moments that were reckoned by it lie too far ahead."""

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update

from portal.extensions import db, end_looking
from portal.models import (
    OPEN,
    Award,
    Connection,
    Delivery,
    DeliveryState,
    InboundEvent,
    InboundState,
    TrailEntry,
)
from portal.services.issuing.calling import FURTHEST
from portal.services.issuing.patience import LONGEST_ASKED_WAIT, DeliveryRules
from portal.services.issuing.shelves import LONGEST_HOLD

_WRITTEN_LAST = 100  # entries: another machine, whose clock is right, may have written since


def bring_back(by: timedelta, rules: DeliveryRules, now: datetime) -> None:
    """Let nothing wait for moments of a clock that was ahead of today's by `by`. Commits.

    Every engine that notices does it. Nothing becomes unsafe by doing it twice: leases and quiet
    periods begin anew, and what Credly asked for is shortened by no more than the jump.
    """
    for connection in db.session.scalars(select(Connection)).all():
        _bring_back_connection(connection, by, now)
    waiting = (Delivery.state == DeliveryState.WAITING) & (Delivery.due > now)
    _change(waiting, due=now)
    unsent = (Delivery.state == DeliveryState.SENDING) & Delivery.sent_at.is_(None)
    _change(unsent & (Delivery.due > now + rules.lease_time), due=now + rules.lease_time)
    quiet = now + rules.quiet_period
    sent = Delivery.state.in_(OPEN) & (Delivery.quiet_until > quiet)
    earlier = case((Delivery.sent_at > now, now), else_=Delivery.sent_at)
    _change(sent, due=quiet, quiet_until=quiet, sent_at=earlier)
    again = (Delivery.state == DeliveryState.UNSURE) & (Delivery.due > quiet)
    _change(again, due=quiet)
    _bring_back_held(now)
    db.session.execute(
        update(InboundEvent)
        .where(InboundEvent.state == InboundState.WAITING, InboundEvent.due > now)
        .values(due=now)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def seconds_ahead(now: datetime) -> float:
    """Return how far the moments that were written last lie ahead; 0 or less when none does.

    A call that is booked further ahead than Credly ever asks anybody to wait counts, too.
    """
    newest = select(TrailEntry.at).order_by(TrailEntry.id.desc()).limit(_WRITTEN_LAST).subquery()
    last = db.session.scalar(select(func.max(newest.c.at)))
    booked = db.session.scalar(select(func.max(Connection.next_call))) or 0.0
    end_looking()
    written = (last - now).total_seconds() if last else 0.0
    return max(written, booked - now.timestamp() - LONGEST_ASKED_WAIT)


def _bring_back_connection(connection: Connection, by: timedelta, now: datetime) -> None:
    if connection.next_call > time.time() + FURTHEST:
        connection.next_call = 0.0
    if connection.proven_at and connection.proven_at > now:
        connection.proven_at = None
    if connection.webhook_look_at:
        connection.webhook_look_at = min(connection.webhook_look_at, now + timedelta(hours=1))
    connection.refresh_due = min(connection.refresh_due, now + timedelta(hours=1))
    failing, closed = connection.failing_since, connection.closed_until
    if failing and failing > now:  # not yet brought back by another engine
        connection.failing_since = now
        connection.closed_until = closed and closed - by
    elif closed and closed > (furthest := now + timedelta(seconds=LONGEST_ASKED_WAIT)):
        # No wait is as long: a call that began before the jump told the end of it.
        connection.closed_until = max(now, min(closed - by, furthest))


def _bring_back_held(now: datetime) -> None:
    """Hold for its whole time from now on what was earned, by the clock, in days to come."""
    ahead = (Delivery.held_until > now) & (Delivery.created_at > now)
    query = select(Delivery.id, Delivery.created_at, Delivery.held_until)
    for delivery_id, made, until in db.session.execute(query.where(ahead)).all():
        _change(Delivery.id == delivery_id, created_at=now, held_until=now + (until - made))
    furthest = now + LONGEST_HOLD  # an award does not know when its hold began
    db.session.execute(
        update(Award)
        .where(Award.held_until > furthest)
        .values(held_until=furthest)
        .execution_options(synchronize_session=False)
    )


def _change(where: Any, **values: Any) -> None:
    """Change these deliveries; the caller commits."""
    db.session.execute(
        update(Delivery).where(where).values(**values).execution_options(synchronize_session=False)
    )
