"""Which deliveries are taken next: connection by connection, so that none slows another."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from portal.extensions import db, reading
from portal.models import CLAIMABLE, Connection, Delivery, DeliveryState
from portal.services.issuing.claims import new_owner, take
from portal.services.issuing.health import give_probe_back
from portal.services.issuing.patience import DeliveryRules

_SOON = 1.0  # seconds: a budget booked further ahead has enough callers already


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours until its lease ends."""

    delivery_id: int
    owner: str


def claim_due(*, limit: int, rules: DeliveryRules, now: datetime) -> list[Claim]:
    """Take up to `limit` due deliveries over all connections that may be called. Commits."""
    taken: list[Claim] = []
    for connection_id, alone in _open_connections(rules, now):
        room = limit - len(taken)
        if room < 1:
            break
        if alone and not _take_probe(connection_id, rules, now):
            continue
        mine = Delivery.connection_id == connection_id
        found = _claim(mine, 1 if alone else room, rules, now)
        if alone and not found:  # somebody was quicker: the try was not made
            give_probe_back(connection_id)
        db.session.commit()
        taken += found
    return taken


def claim_following(connection_id: int, rules: DeliveryRules, now: datetime) -> Claim | None:
    """Take the next delivery of a connection that has just answered, for the slot that is free now.

    The caller commits: together with the outcome of the one before, so that it costs no commit of
    its own.
    """
    open_now = (
        select(Connection.id)
        .where(Connection.id == connection_id, Connection.failing_since.is_(None))
        .where(or_(Connection.closed_until.is_(None), Connection.closed_until <= now))
        .where(Connection.next_call <= time.time() + _SOON)
    )
    mine = and_(Delivery.connection_id == connection_id, open_now.exists())
    return next(iter(_claim(mine, 1, rules, now)), None)


def is_ready(now: datetime):
    """The condition under which a delivery may be claimed: due, or its lease is over."""
    return and_(Delivery.state.in_(CLAIMABLE), Delivery.due <= now)


def _open_connections(rules: DeliveryRules, now: datetime) -> Sequence[tuple[int, bool]]:
    """Return the connections with due deliveries, oldest first; True where one must go alone."""
    proven_since = now - rules.proven_for
    open_now = or_(Connection.closed_until.is_(None), Connection.closed_until <= now)
    alone = or_(
        Connection.failing_since.is_not(None),
        Connection.proven_at.is_(None),
        Connection.proven_at < proven_since,
    )
    query = (
        select(Connection.id, alone)
        .join(Delivery, Delivery.connection_id == Connection.id)
        .where(is_ready(now), open_now, Connection.next_call <= time.time() + _SOON)
        .group_by(Connection.id)
        .order_by(func.min(Delivery.due), Connection.id)
    )
    with reading():
        found = [(row[0], bool(row[1])) for row in db.session.execute(query)]
        db.session.rollback()
    return found


def _take_probe(connection_id: int, rules: DeliveryRules, now: datetime) -> bool:
    """Win the right to try a connection with one delivery; nobody else may for a while."""
    won = db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id)
        .where(or_(Connection.closed_until.is_(None), Connection.closed_until <= now))
        .values(closed_until=now + rules.probe_every)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return won.rowcount == 1


def _claim(
    mine: ColumnElement[bool], limit: int, rules: DeliveryRules, now: datetime
) -> list[Claim]:
    owner = new_owner()
    values = {
        "state": DeliveryState.SENDING,
        "due": now + rules.lease_time,
        "owner": owner,
        "tries": Delivery.tries + 1,
    }
    ids = take(Delivery, ready=and_(is_ready(now), mine), values=values, limit=limit)
    return [Claim(delivery_id, owner) for delivery_id in ids]
