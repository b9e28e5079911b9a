"""A delivery as staff see it: its trail, Retry and Cancel. Lists are `delivery_lists`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    OPEN,
    Delivery,
    DeliveryState,
    Held,
    IssuedBadge,
    Person,
    TrailEntry,
)
from portal.services import audit
from portal.services.issuing.awards import cancel_awards_of
from portal.services.issuing.orders import why_held
from portal.services.issuing.trail import note

_NO_SYNC = {"synchronize_session": False}


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
    if because is Held.TEMPLATE_NOT_ACTIVE:
        because = None  # it may be by now: Credly knows better than our copy of it
    if because is None and delivery.held_until and delivery.held_until > now:
        because = Held.UNDO_WINDOW  # to send it all the same is asked for by name
    if because:
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
