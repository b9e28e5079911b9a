"""What owners do with a badge that is held before it is sent: let it leave, or cancel it."""

from datetime import datetime

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Award, Delivery, Person
from portal.services.issuing import holding
from portal.services.issuing.awards import delivery_of
from portal.services.issuing.cancelling import take_back
from portal.services.learning import sources
from portal.services.locks import lock


def get_award(actor: Person, learning_object_id: int, award_id: int) -> Award:
    """Return an award of a learning object that `actor` manages; else it does not exist."""
    source = sources.get_for_managing(actor, sources.OBJECTS, learning_object_id)
    award = db.session.get(Award, award_id)
    if award is None or award.learning_object_id != source.id:
        raise NotFound
    return award


def held_delivery(award: Award) -> Delivery | None:
    """Return what would carry the award to Credly, while it is held so that it can be cancelled."""
    delivery = delivery_of(award.issued_badge)
    return delivery if holding.is_held(delivery) else None


def send_now(*, actor: Person, award: Award, now: datetime) -> None:
    """Let the badge leave before its time. Raises RuleBroken when it is not held any more."""
    holding.send_now(actor=actor, delivery=_held(award), now=now)


def cancel(*, actor: Person, award: Award, now: datetime) -> None:
    """Cancel the award; its completion stays. Raises RuleBroken when it is not held any more.

    A badge that is earned through something else as well stays for that. Commits.
    """
    lock(award.learner)
    db.session.refresh(award)
    _held(award)
    take_back(actor=actor, awards=[award], now=now)
    db.session.commit()


def _held(award: Award) -> Delivery:
    delivery = held_delivery(award)
    if delivery is None:
        db.session.rollback()
        raise RuleBroken(say("not_held_any_more"))
    return delivery
