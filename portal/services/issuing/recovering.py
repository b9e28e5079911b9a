"""A connection that has failed for long: noticing that the trouble is over before the next try."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from portal.credly.errors import CredlyTrouble
from portal.extensions import db
from portal.models import CLAIMABLE, Connection, ConnectionState, Delivery, DeliveryState
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.patience import FAILING_LONG
from portal.services.means import Means

_NO_SYNC = {"synchronize_session": False}
_PUT_OFF = Delivery.state.in_([DeliveryState.WAITING, DeliveryState.UNSURE])


def let_failing_try(means: Means, now: datetime) -> bool:
    """Ask Credly over one connection that failed for long and has nothing due for a while.

    A good answer makes its oldest delivery due, and no more: Credly may read and still not issue.
    When that one gets through it lets all others go on (assurance 3, rule 9). Say whether there
    was such an answer. Commits.
    """
    soon = now + means.rules.probe_every
    connection = db.session.scalars(select(Connection).where(_gone_quiet(now, soon))).first()
    end_transaction()
    if connection is None or not _take_turn(connection.id, now, soon):
        return False
    try:
        client_for(connection, means).organization()
    except CredlyTrouble:
        return False
    _bring_forward(connection.id, now)
    db.session.execute(
        update(Connection)
        .where(Connection.id == connection.id, Connection.closed_until == soon)
        .values(closed_until=None)
        .execution_options(**_NO_SYNC)
    )
    db.session.commit()
    return True


def _gone_quiet(now: datetime, soon: datetime) -> ColumnElement[bool]:
    mine = select(Delivery.id).where(Delivery.connection_id == Connection.id)
    due = mine.where(Delivery.state.in_(CLAIMABLE), Delivery.due <= soon)
    return _failing(now) & mine.where(_PUT_OFF, Delivery.due > soon).exists() & ~due.exists()


def _failing(now: datetime) -> ColumnElement[bool]:
    """Failing for long, and open: what Credly asked for and who paused it are obeyed."""
    free = or_(Connection.closed_until.is_(None), Connection.closed_until <= now)
    working = Connection.state == ConnectionState.WORKING
    return working & (Connection.failing_since <= now - FAILING_LONG) & free


def _take_turn(connection_id: int, now: datetime, soon: datetime) -> bool:
    """Win the right to ask: one call a minute goes out over a failing connection."""
    won = db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id, _failing(now))
        .values(closed_until=soon)
        .execution_options(**_NO_SYNC)
    )
    db.session.commit()
    return won.rowcount == 1


def _bring_forward(connection_id: int, now: datetime) -> None:
    """Make the oldest delivery due. What it need not wait now does not use up its patience."""
    query = select(Delivery).where(Delivery.connection_id == connection_id, _PUT_OFF)
    first = db.session.scalars(
        query.order_by(Delivery.created_at, Delivery.id).limit(1),
        execution_options={"populate_existing": True},
    ).first()
    if first is None:
        return
    due = max(now, first.quiet_until or now)
    spared = max(timedelta(), first.due - due).total_seconds()
    db.session.execute(
        update(Delivery)
        .where(Delivery.id == first.id, _PUT_OFF, Delivery.due == first.due, Delivery.due > due)
        .values(due=due, waited=max(0.0, first.waited - spared))
        .execution_options(**_NO_SYNC)
    )
