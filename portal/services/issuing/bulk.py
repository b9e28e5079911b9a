"""Retry and Cancel for many deliveries at once: the same rules as for one, each on its own."""

from datetime import datetime

from sqlalchemy import Select, func, select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Delivery, Person
from portal.services.issuing import deliveries, delivery_lists

AT_ONCE = 200


def count_open(q: str, state: str) -> int:
    """Return how many open deliveries a list with these filters holds."""
    query = delivery_lists.open_ones(q, state).subquery()
    return db.session.scalar(select(func.count()).select_from(query)) or 0


def retry_all(*, actor: Person, q: str, state: str, typed: str, now: datetime) -> int:
    """Retry every open delivery of the list; return how many. Commits one by one.

    Raises RuleBroken unless `typed` is their number: then the list changed, or nobody counted.
    """
    return _each(actor, q, state, typed, now, deliveries.retry)


def cancel_all(*, actor: Person, q: str, state: str, typed: str, now: datetime) -> int:
    """Cancel every open delivery of the list; return how many. Commits one by one."""
    return _each(actor, q, state, typed, now, deliveries.cancel)


def _each(actor: Person, q: str, state: str, typed: str, now: datetime, work) -> int:
    count = count_open(q, state)
    if typed.strip() != str(count):
        raise RuleBroken(say("number_differs", number=count), "number")
    done, last = 0, 0
    while ids := db.session.scalars(_after(_open_ids(q, state), last)).all():
        for delivery in db.session.scalars(select(Delivery).where(Delivery.id.in_(ids))).all():
            done += _one(actor, delivery, now, work)
        last = ids[-1]
    return done


def _one(actor: Person, delivery: Delivery, now: datetime, work) -> int:
    try:
        work(actor=actor, delivery=delivery, now=now)
    except RuleBroken:  # it ended meanwhile
        return 0
    return 1


def _open_ids(q: str, state: str) -> Select:
    return delivery_lists.open_ones(q, state).order_by(Delivery.id)


def _after(query: Select, last: int) -> Select:
    return query.where(Delivery.id > last).limit(AT_ONCE)
