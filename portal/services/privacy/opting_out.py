"""Whether a person's badges go to Credly: their own choice, honoured by the queue."""

from datetime import datetime

from sqlalchemy import and_, select, update

from portal.extensions import db
from portal.models import Delivery, DeliveryKind, DeliveryState, Held, IssuedBadge, Person
from portal.services import audit
from portal.services.issuing import health

_TRANSFERS = (DeliveryKind.ISSUE, DeliveryKind.REPLACE)


def opt_out(*, person: Person, now: datetime) -> int:
    """Send nothing more about this person to Credly; return how many badges wait now. Commits.

    What is at Credly already stays there: that is the person's own account. A call that is on its
    way ends, and nothing follows it.
    """
    if person.opted_out_at is None:
        person.opted_out_at = now
        audit.note("person.opt_out", actor=person, person=person, now=now)
    held = db.session.execute(
        update(Delivery)
        .where(_theirs(person), Delivery.kind.in_(_TRANSFERS))
        .where(Delivery.state.in_([DeliveryState.WAITING, DeliveryState.UNSURE]))
        .values(state=DeliveryState.HELD, held_because=Held.OPTED_OUT)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()
    return held.rowcount


def opt_in(*, person: Person, now: datetime) -> None:
    """Let the person's badges go to Credly again, those that waited too. Commits."""
    if person.opted_out_at is not None:
        person.opted_out_at = None
        audit.note("person.opt_in", actor=person, person=person, now=now)
    health.release(and_(_theirs(person), Delivery.held_because == Held.OPTED_OUT), now)
    db.session.commit()


def _theirs(person: Person):
    badges = select(IssuedBadge.id).where(IssuedBadge.learner_id == person.id)
    return Delivery.issued_badge_id.in_(badges)
