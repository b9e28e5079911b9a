"""Which deliveries are taken next: connection by connection, so that none slows another."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Update,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    update,
)

from portal.extensions import db, end_looking, reading
from portal.models import CLAIMABLE, Connection, Delivery, DeliveryState
from portal.models.columns import Moment
from portal.services.issuing.claims import new_owner, run_taking, taking
from portal.services.issuing.health import give_probe_back
from portal.services.issuing.orders import Order, load
from portal.services.issuing.patience import DeliveryRules

_SOON = 1.0  # seconds: a budget booked further ahead has enough callers already

# Spelled out and not as parameters: only then does a database see that its index of such rows has
# all of them, in order. With 2,000 that wait it would sort them all for each claim.
_STATES = ", ".join(f"'{state.value}'" for state in CLAIMABLE)
_CLAIMABLE = text(f"delivery.state IN ({_STATES})")


@dataclass(frozen=True)
class Claim:
    """A delivery that is ours until its lease ends. Its order, if it was read when claimed."""

    delivery_id: int
    owner: str
    order: Order | None = field(default=None, repr=False, compare=False)


def claim_due(*, limit: int, rules: DeliveryRules, now: datetime) -> list[Claim]:
    """Take up to `limit` due deliveries over all connections that may be called. Commits."""
    taken: list[Claim] = []
    for connection_id, alone in _open_connections(rules, now):
        room = limit - len(taken)
        if room < 1:
            break
        if alone and not _take_probe(connection_id, rules, now):
            continue
        found = _claim(_TAKE, connection_id, 1 if alone else room, rules, now)
        if alone and not found:  # somebody was quicker: the try was not made
            give_probe_back(connection_id)
        db.session.commit()
        taken += found
    return taken


def due_now(*, limit: int, rules: DeliveryRules, now: datetime) -> list[int]:
    """Say which deliveries `claim_due` would take, oldest first, and take none of them."""
    found: list[int] = []
    for connection_id, alone in _open_connections(rules, now):
        room = limit - len(found)
        if room < 1:
            break
        due = select(Delivery.id).where(is_ready(now), Delivery.connection_id == connection_id)
        due = due.order_by(Delivery.due, Delivery.id).limit(1 if alone else room)
        with reading():
            found += db.session.scalars(due)
            end_looking()
    return found


def claim_this(delivery_id: int, *, rules: DeliveryRules, now: datetime) -> Claim | None:
    """Take this delivery if `claim_due` could take it now; else nothing happens. Commits."""
    this = Delivery.__table__.c.id == delivery_id
    for connection_id, alone in _open_connections(rules, now, this):
        if alone and not _take_probe(connection_id, rules, now):
            continue
        found = _claim(_TAKE_THIS, connection_id, 1, rules, now, this=delivery_id)
        if alone and not found:
            give_probe_back(connection_id)
        db.session.commit()
        return found[0] if found else None
    return None


def claim_following(connection_id: int, rules: DeliveryRules, now: datetime) -> Claim | None:
    """Take the next delivery of a connection that has just answered, for the slot that is free now.

    The caller commits: together with the outcome of the one before, so that neither claiming nor
    reading the order costs a transaction of its own.
    """
    for claim in _claim(_TAKE_FOLLOWING, connection_id, 1, rules, now):
        return replace(claim, order=load(claim.delivery_id, claim.owner))
    return None


def taking_following(*more: ColumnElement[bool]) -> Update:
    """Return the statement behind `claim_following`, under some conditions more."""
    return _statement(_answers_now(), *more)


def values_to_take(
    connection_id: int, rules: DeliveryRules, now: datetime, owner: str
) -> dict[str, Any]:
    """Return the values for the names in such a statement."""
    return {
        "of_connection": connection_id,
        "now": now,
        "soon": time.time() + _SOON,
        "leased_until": now + rules.lease_time,
        "new_owner": owner,
    }


def is_ready(now: Any) -> ColumnElement[bool]:
    """The condition under which a delivery may be claimed: due, or its lease is over."""
    return and_(_CLAIMABLE, Delivery.__table__.c.due <= now)


def _open_connections(
    rules: DeliveryRules, now: datetime, *more: ColumnElement[bool]
) -> Sequence[tuple[int, bool]]:
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
        .where(*more)
        .group_by(Connection.id)
        .order_by(func.min(Delivery.due), Connection.id)
    )
    with reading():
        found = [(row[0], bool(row[1])) for row in db.session.execute(query)]
        end_looking()
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
    statement: Update,
    connection_id: int,
    limit: int,
    rules: DeliveryRules,
    now: datetime,
    **named: int,
) -> list[Claim]:
    owner = new_owner()
    values = values_to_take(connection_id, rules, now, owner)
    ids = run_taking(statement, limit, **values, **named)
    return [Claim(delivery_id, owner) for delivery_id in ids]


def _statement(*more: ColumnElement[bool]) -> Update:
    """Put a claim together once: to do it for every delivery took longer than the claiming."""
    mine = Delivery.__table__.c.connection_id == bindparam("of_connection")
    values = {
        "state": DeliveryState.SENDING,
        "due": bindparam("leased_until"),
        "owner": bindparam("new_owner"),
        "tries": Delivery.__table__.c.tries + 1,
    }
    ready = and_(is_ready(bindparam("now", type_=Moment)), mine, *more)
    return taking(Delivery, ready=ready, values=values)


def _answers_now() -> ColumnElement[bool]:
    """The condition that the connection is well, open, and has not too many callers."""
    columns = Connection.__table__.c
    now = bindparam("now", type_=Moment)
    return (
        select(columns.id)
        .where(columns.id == bindparam("of_connection"), columns.failing_since.is_(None))
        .where(or_(columns.closed_until.is_(None), columns.closed_until <= now))
        .where(columns.next_call <= bindparam("soon", type_=Float))
        .exists()
    )


_TAKE, _TAKE_FOLLOWING = _statement(), taking_following()
_TAKE_THIS = _statement(Delivery.__table__.c.id == bindparam("this"))
