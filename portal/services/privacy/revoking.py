"""Revoking the badges of an erased person at Credly, at once and when one turns up later."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.models import OPEN, AuditEntry, Delivery, DeliveryKind, IssuedBadge, Person
from portal.services.issuing import operations
from portal.services.issuing.issued_badges import replaced_ids

WORDS = "The person asked for the erasure of their data"
ERASED = "person.erase"
AT_ONCE = 100


def revoke_all(actor: Person, person: Person, now: datetime) -> None:
    """Ask Credly to revoke every live badge of a person that nothing is on its way for. The caller
    commits.
    """
    _revoke(actor, _live().where(IssuedBadge.learner_id == person.id), now)


def revoke_found_later(now: datetime) -> int:
    """Revoke what was on its way when its person was erased with that wish, and arrived. Commits.

    Return how many. One whose revoking somebody cancelled is left alone.
    """
    learner = aliased(Person)
    tried = select(Delivery.id).where(
        Delivery.issued_badge_id == IssuedBadge.id,
        Delivery.kind == DeliveryKind.REVOKE,
        Delivery.created_at >= learner.erased_at,
    )
    query = (
        _live()
        .join(learner, IssuedBadge.learner_id == learner.id)
        .join(AuditEntry, AuditEntry.person_id == learner.id)
        .where(learner.erased_at.is_not(None), AuditEntry.action == ERASED)
        .where(AuditEntry.details["revoke"].as_boolean(), ~tried.exists())
        .limit(AT_ONCE)
    )
    found = db.session.execute(query.add_columns(AuditEntry.actor_id)).unique().all()
    for issued, actor_id in found:
        actor = db.session.get_one(Person, actor_id)
        _revoke(actor, _live().where(IssuedBadge.id == issued.id), now)
        db.session.commit()
    return len(found)


def _live() -> Select[tuple[IssuedBadge]]:
    busy = select(Delivery.issued_badge_id).where(Delivery.state.in_(OPEN))
    return (
        select(IssuedBadge)
        .where(IssuedBadge.state.in_(operations.LIVE), IssuedBadge.credly_id.is_not(None))
        .where(IssuedBadge.gone_at.is_(None), IssuedBadge.id.not_in(replaced_ids()))
        .where(IssuedBadge.id.not_in(busy))
    )


def _revoke(actor: Person, query: Select[tuple[IssuedBadge]], now: datetime) -> None:
    for issued in db.session.scalars(query).all():
        wish = {"issued": issued, "reason": WORDS, "suppress_mail": False}
        operations.order_revocation(actor=actor, **wish, now=now)
