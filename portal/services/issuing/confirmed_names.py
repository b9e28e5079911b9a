"""Names that look like placeholders and are right: an administrator says so, and badges go on."""

from datetime import datetime

from sqlalchemy import Select, select

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Delivery, DeliveryState, Held, IssuedBadge, Person
from portal.services import audit
from portal.services.issuing import health, names
from portal.services.issuing.trail import note
from portal.services.locks import lock_all


def confirm(*, actor: Person, person: Person, name: str, now: datetime) -> int:
    """Note that the person is really called so, and let everything go that waited for it. Commits.

    `name` is what the administrator saw. Returns how many deliveries go on; a second press lets go
    none. Raises RuleBroken when the name is another one by now, or can be none: Credly refuses it.
    """
    lock_all({person.id})
    db.session.refresh(person)
    shown = names.whole(person.first_name, person.last_name)
    if name != shown or person.erased_at is not None:
        db.session.rollback()
        raise RuleBroken(say("name_changed_meanwhile"))
    if names.can_be_confirmed(person):
        person.confirmed_name = shown
        audit.note("person.name_confirmed", actor=actor, person=person, now=now)
    elif not names.usable(person):
        db.session.rollback()
        raise RuleBroken(say("name_cannot_be_confirmed"))
    waiting = db.session.scalars(_held_for(person)).all()
    for delivery_id in waiting:
        note(delivery_id, say("name_confirmed"), now, person=actor)
    health.release(Delivery.id.in_(_held_for(person)), now)
    db.session.commit()
    return len(waiting)


def _held_for(person: Person) -> Select:
    """The query of the deliveries that wait for this person's name."""
    theirs = select(IssuedBadge.id).where(IssuedBadge.learner_id == person.id)
    held = Delivery.state == DeliveryState.HELD, Delivery.held_because == Held.NAME_NOT_USABLE
    return select(Delivery.id).where(Delivery.issued_badge_id.in_(theirs), *held)
