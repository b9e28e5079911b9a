"""What staff and learners ask Credly to change: revoke a badge, correct a name, move an address.

Every one is a delivery through the same outbox; an issued badge has at most one open at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    OPEN,
    Badge,
    CredlyState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Held,
    IssuedBadge,
    Person,
)
from portal.services import audit
from portal.services.issuing import health, names
from portal.services.issuing.issued_badges import is_replaced, replaced_ids
from portal.services.issuing.orders import why_held
from portal.services.issuing.trail import note

LIVE = (CredlyState.PENDING, CredlyState.ACCEPTED)


def revoke(
    *, actor: Person, issued: IssuedBadge, reason: str, suppress_mail: bool, now: datetime
) -> Delivery:
    """Ask Credly to revoke the badge, for good (credly-api.md 3.3). Commits.

    `suppress_mail` keeps Credly from writing to the earner. Raises RuleBroken without a reason,
    when the badge is not at Credly, or while something else is on its way for it.
    """
    wish = {"issued": issued, "reason": reason, "suppress_mail": suppress_mail}
    delivery = order_revocation(actor=actor, **wish, now=now)
    db.session.commit()
    return delivery


def order_revocation(
    *, actor: Person, issued: IssuedBadge, reason: str, suppress_mail: bool, now: datetime
) -> Delivery:
    """Do what `revoke` does as a part of something bigger. The caller commits."""
    if not reason.strip():
        raise RuleBroken(say("reason_missing"), "reason")
    if not can_be_revoked(issued):
        raise RuleBroken(say("not_at_credly"))
    delivery = _add(issued, DeliveryKind.REVOKE, now)
    delivery.revoke_reason, delivery.suppress_mail = reason.strip()[:500], suppress_mail
    note(delivery.id, say("revoke_asked"), now, person=actor)
    about = {"subject": delivery, "person_id": issued.learner_id, "reason": reason.strip()}
    audit.note("award.revoke", actor=actor, now=now, before=issued.state, **about)
    return delivery


def can_be_revoked(issued: IssuedBadge | None) -> bool:
    """Say whether there is something at Credly to revoke."""
    if issued is None or issued.credly_id is None:
        return False
    if issued.state == CredlyState.REVOKED or issued.gone_at is not None:
        return False
    return not is_replaced(issued)


def correct_name(*, learner: Person, now: datetime) -> int:
    """Replace the learner's live badges that carry another name; return how many. Commits."""
    wanted = (learner.first_name, learner.last_name)
    changed = [
        issued
        for issued in _live_badges([learner.id])
        if (issued.first_name, issued.last_name) != wanted
    ]
    for issued in changed:
        _add(issued, DeliveryKind.REPLACE, now)
    db.session.commit()
    return len(changed)


def move_to_address(*, learner: Person, now: datetime) -> tuple[int, int]:
    """Follow a changed badge e-mail; return how many badges move and how many stay. Commits.

    While a badge is pending it is revoked and issued anew in the same cycle. An accepted one
    stays: its owner adds the new address to the Credly account (product.md 3).
    """
    address = learner.address_for_badges
    live = [badge for badge in _live_badges([learner.id]) if badge.recipient_email != address]
    pending = [badge for badge in live if badge.state == CredlyState.PENDING]
    for issued in pending:
        delivery = _add(issued, DeliveryKind.REVOKE, now)
        delivery.revoke_reason = "Issued again to another e-mail address"
        delivery.suppress_mail = delivery.issue_afterwards = True
    db.session.commit()
    return len(pending), len(live) - len(pending)


@dataclass(frozen=True)
class Reach:
    """What a change would meet: badges still on their way here, pending ones, accepted ones."""

    waiting: int
    pending: int
    accepted: int


def reach_of(learner: Person) -> Reach:
    """Return how many of the learner's badges a change of name or address would meet, by state."""
    open_ones = select(Delivery.issued_badge_id).where(Delivery.state.in_(OPEN))
    waiting = select(func.count(IssuedBadge.id)).where(
        IssuedBadge.learner_id == learner.id,
        IssuedBadge.state.is_(None),
        IssuedBadge.id.in_(open_ones),
    )
    live = _live_badges([learner.id])
    pending = sum(issued.state == CredlyState.PENDING for issued in live)
    return Reach(db.session.scalar(waiting) or 0, pending, len(live) - pending)


@dataclass(frozen=True)
class Followed:
    """What a changed person meant for their badges: how many are renamed, move, and stay."""

    renamed: int
    moved: int
    staying: int


def follow(*, learner: Person, now: datetime) -> Followed:
    """Let the badges follow a changed name and address, as far as their states allow. Commits."""
    moved, staying = move_to_address(learner=learner, now=now)
    renamed = correct_name(learner=learner, now=now)
    if names.usable(learner):
        theirs = select(IssuedBadge.id).where(IssuedBadge.learner_id == learner.id)
        where = and_(
            Delivery.issued_badge_id.in_(theirs), Delivery.held_because == Held.NAME_NOT_USABLE
        )
        health.release(where, now)
        db.session.commit()
    return Followed(renamed, moved, staying)


def follow_names(*, learner_ids: Sequence[int], now: datetime) -> None:
    """Let the badges of many people follow their changed names. The caller commits."""
    learners = {one.id: one for one in db.session.scalars(_people(learner_ids))}
    for issued in _live_badges(learner_ids):
        learner = learners[issued.learner_id]
        if (issued.first_name, issued.last_name) != (learner.first_name, learner.last_name):
            db.session.add(_order(issued, DeliveryKind.REPLACE, now))
    db.session.flush()
    usable = [one.id for one in learners.values() if names.usable(one)]
    theirs = select(IssuedBadge.id).where(IssuedBadge.learner_id.in_(usable))
    where = Delivery.held_because == Held.NAME_NOT_USABLE
    health.release(and_(Delivery.issued_badge_id.in_(theirs), where), now)


def _people(ids: Sequence[int]) -> Select:
    query = select(Person).where(Person.id.in_(ids))
    return query.execution_options(populate_existing=True)


def _live_badges(learner_ids: Sequence[int]) -> Sequence[IssuedBadge]:
    """Return the badges that can be changed now: live at Credly and nothing on its way."""
    busy = select(Delivery.issued_badge_id).where(Delivery.state.in_(OPEN))
    query = (
        select(IssuedBadge)
        .where(IssuedBadge.learner_id.in_(learner_ids), IssuedBadge.state.in_(LIVE))
        .where(IssuedBadge.gone_at.is_(None), IssuedBadge.id.not_in(busy))
        .where(IssuedBadge.id.not_in(replaced_ids()))
        .where(IssuedBadge.was_there.is_(False))  # what others issued keeps what they wrote
        .where(IssuedBadge.learner_id.in_(_followed()))
        .options(
            joinedload(IssuedBadge.badge).options(
                joinedload(Badge.template), joinedload(Badge.connection)
            )
        )
    )
    return db.session.scalars(query).unique().all()


def _followed() -> Select:
    """The query of who is followed: nothing new goes out about who opted out or was erased."""
    return select(Person.id).where(Person.opted_out_at.is_(None), Person.erased_at.is_(None))


def _add(issued: IssuedBadge, kind: DeliveryKind, now: datetime) -> Delivery:
    delivery = _order(issued, kind, now)
    db.session.add(delivery)
    try:
        db.session.flush()
    except IntegrityError as exc:
        db.session.rollback()
        raise RuleBroken(say("already_on_its_way")) from exc
    return delivery


def _order(issued: IssuedBadge, kind: DeliveryKind, now: datetime) -> Delivery:
    badge = issued.badge
    because = why_held(badge, badge.template, badge.connection, issued.learner)
    if kind is DeliveryKind.REVOKE and badge.connection is not None:
        because = None  # the worker holds it again if the connection does not work
    return Delivery(
        issued_badge_id=issued.id,
        connection_id=badge.connection_id,
        kind=kind,
        state=DeliveryState.HELD if because else DeliveryState.WAITING,
        held_because=because,
        due=now,
        created_at=now,
    )
