"""Deliveries as staff see them: lists, the trail, Retry and Cancel."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all, update
from sqlalchemy.orm import joinedload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    OPEN,
    Badge,
    Delivery,
    DeliveryState,
    Held,
    IssuedBadge,
    Person,
    TrailEntry,
)
from portal.services import audit
from portal.services.issuing import searching
from portal.services.issuing.awards import cancel_awards_of
from portal.services.issuing.orders import why_held
from portal.services.issuing.trail import note
from portal.services.slices import MOST, START, Order, Place, Slice, slice_of

_NEWEST_FIRST = Order((Delivery.id,), falling=True)
_NO_SYNC = {"synchronize_session": False}


def list_for_staff(q: str, state: str, place: Place = START) -> Slice:
    """Return a page of deliveries, newest first, by learner or badge and state."""
    load = select(Delivery).options(
        joinedload(Delivery.issued_badge).options(
            joinedload(IssuedBadge.learner),
            joinedload(IssuedBadge.badge).joinedload(Badge.template),
        ),
        joinedload(Delivery.connection),
    )
    return slice_of(matching(q, state), load, _NEWEST_FIRST, place)


def matching(q: str, state: str) -> Select:
    """Return the query for the ids of deliveries by learner or badge, and state (or `open`)."""
    query = select(Delivery.id)
    if state == "open":
        query = query.where(Delivery.state.in_(OPEN))
    elif state in set(DeliveryState):
        query = query.where(Delivery.state == state)
    return query.where(_mentions(q)) if q else query


def oldest_open() -> datetime | None:
    """Return when the oldest delivery that is still open was made: the one that came first."""
    firsts = (select(func.min(Delivery.id)).where(Delivery.state == state) for state in OPEN)
    first = union_all(*firsts).subquery()
    oldest = select(Delivery.created_at).where(Delivery.id.in_(select(first.c[0])))
    return min(db.session.scalars(oldest), default=None)


def counts() -> dict[DeliveryState, int]:
    """Return how many deliveries are in each state, of each no more than slices count."""
    some = (
        select(literal(state.value), func.count()).select_from(
            select(Delivery.id).where(Delivery.state == state).limit(MOST + 1).subquery()
        )
        for state in DeliveryState
    )
    found = db.session.execute(union_all(*some))
    return {DeliveryState(row[0]): row[1] for row in found if row[1]}


def get(delivery_id: int) -> Delivery:
    """Return the delivery; raise NotFound."""
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound
    return delivery


def list_of(issued: IssuedBadge | None) -> Sequence[Delivery]:
    """Return the deliveries of an issued badge, newest first."""
    if issued is None:
        return []
    query = select(Delivery).filter_by(issued_badge_id=issued.id).order_by(Delivery.id.desc())
    return db.session.scalars(query.limit(20)).all()


def trail(delivery: Delivery) -> Sequence[TrailEntry]:
    """Return what happened to a delivery, oldest first."""
    query = (
        select(TrailEntry)
        .filter_by(delivery_id=delivery.id)
        .options(joinedload(TrailEntry.person))
        .order_by(TrailEntry.id)
    )
    return db.session.scalars(query).all()


def retry(*, actor: Person, delivery: Delivery, now: datetime) -> None:
    """Try again now. Pressing it twenty times is as good as once. Commits.

    What may have been sent is looked up first; what still stands in the way holds it again.
    Raises RuleBroken when the delivery is over.
    """
    if not delivery.is_open:
        raise RuleBroken(say("retry_not_open"))
    if delivery.state is DeliveryState.SENDING:
        return
    issued = delivery.issued_badge
    because = why_held(issued.badge, issued.badge.template, delivery.connection, issued.learner)
    # A template that was not active may be by now: Credly knows better than our copy of it.
    if because and because is not Held.TEMPLATE_NOT_ACTIVE:
        values = {"state": DeliveryState.HELD, "held_because": because}
    else:
        sent = delivery.sent_at is not None
        values = {
            "state": DeliveryState.UNSURE if sent else DeliveryState.WAITING,
            "held_because": None,
            "due": max(now, delivery.quiet_until or now),
            "failures": 0,
            "waited": 0.0,
            "reason": None,
            "credly_words": None,
        }
    before = delivery.state
    if _change_unless_sending(delivery, values):
        _audit("delivery.retry", actor, delivery, before, now)
        note(delivery.id, say("retry_asked"), now, person=actor)
        db.session.commit()


def cancel(*, actor: Person | None, delivery: Delivery, now: datetime) -> None:
    """Stop the delivery. What never left is cancelled with its awards; what may have left is
    looked up first, and nothing more is sent. Commits. Raises RuleBroken when it is over.
    """
    stop(actor=actor, delivery=delivery, now=now)
    db.session.commit()


def stop(*, actor: Person | None, delivery: Delivery, now: datetime) -> None:
    """Do what `cancel` does as a part of something bigger. The caller commits."""
    if not delivery.is_open:
        raise RuleBroken(say("cancel_not_open"))
    before = delivery.state
    if delivery.sent_at is None and _change_unless_sending(
        delivery, {"state": DeliveryState.CANCELLED, "ended_at": now}
    ):
        if delivery.issued_badge.credly_id is None:  # else it only would have changed the badge
            cancel_awards_of(delivery.issued_badge_id)
        note(delivery.id, say("cancelled_before_sending"), now, person=actor)
    else:
        db.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery.id, Delivery.state.in_(OPEN))
            .values(cancel_asked=True)
            .execution_options(**_NO_SYNC)
        )
        _change_unless_sending(
            delivery,
            {
                "state": DeliveryState.UNSURE,
                "held_because": None,
                "due": max(now, delivery.quiet_until or now),
            },
        )
        note(delivery.id, say("cancel_asked"), now, person=actor)
    _audit("delivery.cancel", actor, delivery, before, now)


def _audit(
    action: str, actor: Person | None, delivery: Delivery, before: DeliveryState, now: datetime
) -> None:
    learner = delivery.issued_badge.learner_id
    change = {"before": before, "after": delivery.state}
    audit.note(action, actor=actor, subject=delivery, person_id=learner, now=now, **change)


def _change_unless_sending(delivery: Delivery, values: dict) -> bool:
    """Change an open delivery that no worker has in hand; say whether it was so."""
    done = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id)
        .where(Delivery.state.in_(OPEN), Delivery.state != DeliveryState.SENDING)
        .values(**values)
        .execution_options(**_NO_SYNC)
    )
    db.session.refresh(delivery)
    return done.rowcount == 1


def _mentions(q: str) -> ColumnElement[bool]:
    people, badges = searching.people(q), searching.badges(q)
    meant = or_(IssuedBadge.learner_id.in_(people), IssuedBadge.badge_id.in_(badges))
    return Delivery.issued_badge_id.in_(select(IssuedBadge.id).where(meant))
