"""Holding before sending: for a while a badge that was earned can be cancelled unseen.

A delivery that is held so leaves by itself when its time is over; whatever else held it meanwhile
and let it go, the rest of that time is kept (`health.release`).
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, select, update

from portal.errors import RuleBroken
from portal.extensions import db, end_looking, reading
from portal.messages import say
from portal.models import Award, Delivery, DeliveryState, Held, Person
from portal.services import audit
from portal.services.issuing import health
from portal.services.issuing.claims import anything_ready
from portal.services.issuing.trail import note
from portal.services.means import Means


def let_go_due(_means: Means, now: datetime) -> bool:
    """Let everything leave whose time to be cancelled is over; say whether there was any."""
    over = and_(_is_held(), Delivery.held_until <= now)
    with reading():
        found = anything_ready(Delivery, over)
        end_looking()
    if found:
        health.release(over, now)
        db.session.commit()
    return found


def send_now(*, actor: Person, delivery: Delivery, now: datetime) -> None:
    """Let a held delivery leave before its time. A second press changes nothing. Commits.

    Raises RuleBroken when the delivery is over.
    """
    if not delivery.is_open:
        raise RuleBroken(say("retry_not_open"))
    mine = and_(Delivery.id == delivery.id, _is_held())
    db.session.execute(
        update(Delivery)
        .where(mine)
        .values(held_until=None)
        .execution_options(synchronize_session=False)
    )
    if health.release(mine, now):
        note(delivery.id, say("send_now_asked"), now, person=actor)
        learner = delivery.issued_badge.learner_id
        audit.note("delivery.send_now", actor=actor, subject=delivery, person_id=learner, now=now)
    db.session.commit()
    db.session.refresh(delivery)


def is_held(delivery: Delivery | None) -> bool:
    """Whether a delivery waits only so that it can be cancelled."""
    if delivery is None or delivery.state is not DeliveryState.HELD:
        return False
    return delivery.held_because is Held.UNDO_WINDOW


def held_among(awards: Iterable[Award]) -> set[int]:
    """Return the ids of the issued badges that wait only so that they can be cancelled."""
    issued = {one.issued_badge_id for one in awards if one.issued_badge_id}
    if not issued:
        return set()
    # A state that is cast is looked at row by row: by its index all that are held would be read.
    query = select(Delivery.issued_badge_id).where(
        Delivery.issued_badge_id.in_(issued),
        cast(Delivery.state, Text) == DeliveryState.HELD,
        Delivery.held_because == Held.UNDO_WINDOW,
    )
    return set(db.session.scalars(query))


def _is_held() -> ColumnElement[bool]:
    return and_(Delivery.state == DeliveryState.HELD, Delivery.held_because == Held.UNDO_WINDOW)
