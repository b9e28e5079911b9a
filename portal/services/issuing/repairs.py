"""One repair for each finding of the books. Each is a person's decision, and is written down."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from portal.credly.errors import CredlyTrouble
from portal.credly.payloads import Badge as CredlyBadge
from portal.credly.shapes import is_uuid
from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    OPEN,
    Award,
    Badge,
    Delivery,
    DeliveryKind,
    DeliveryState,
    IssuedBadge,
    Person,
)
from portal.services import audit
from portal.services.issuing import issued_badges
from portal.services.issuing.awarding import hand_in, new_delivery
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.trail import note
from portal.services.issuing.troubles import message_of
from portal.services.means import Means


def send(*, actor: Person, award_id: int, now: datetime) -> None:
    """Let a lost award be carried to Credly; it is looked up there before anything is sent.

    Commits. Raises RuleBroken while something is on its way for it already.
    """
    award = db.session.get(Award, award_id)
    if award is None or not award.badge.on_credly:
        raise NotFound
    try:
        if award.issued_badge is None:
            hand_in(award, now)
            db.session.flush()
            delivery = _newest_delivery(award.issued_badge)
        else:
            delivery = new_delivery(award.issued_badge, award.badge, award.learner, now)
            db.session.flush()
    except IntegrityError as exc:
        db.session.rollback()
        raise RuleBroken(say("already_on_its_way")) from exc
    # It may be there under another id: sent_at makes the worker look before it sends.
    delivery.sent_at = delivery.quiet_until = now
    note(delivery.id, say("repair_send"), now, person=actor)
    audit.note("books.send", actor=actor, now=now, subject=delivery, person=award.learner)
    db.session.commit()


def adopt(*, actor: Person, credly_id: str, template_id: str, means: Means, now: datetime) -> None:
    """Take over a live badge of Credly that carries one of our learners. Commits.

    What was to bring it to Credly ends with it. Raises RuleBroken when Credly does not show it
    any more, it is not this learner's, or a worker is at it right now.
    """
    query = select(Badge).filter_by(external_badge_id=template_id).order_by(Badge.id.desc())
    badge = db.session.scalars(query).first()
    if badge is None or not is_uuid(credly_id):
        raise NotFound
    there = _ask(badge, credly_id, means)
    if there.is_revoked or there.replacement_badge_id or there.template_id != template_id:
        raise RuleBroken(say("nothing_to_adopt_it"))
    learner = db.session.scalar(select(Person).filter_by(earner_id=there.issuer_earner_id))
    query = select(IssuedBadge).filter_by(badge_id=badge.id).where(IssuedBadge.learner == learner)
    cycles = db.session.scalars(query.order_by(IssuedBadge.cycle.desc())).all()
    if learner is None or not cycles:
        raise RuleBroken(say("nothing_to_adopt_it"))
    issued = _cycle_of(there, cycles)
    later = [one for one in cycles if one.cycle > issued.cycle]
    if any(_holds_a_live_one(one, there.id, means) for one in [issued, *later]):
        raise RuleBroken(say("nothing_to_adopt_it"))
    _end_what_carries(issued, now)
    _look_first(later, now)
    issued_badges.apply_first(issued, there, means, now, was_there=True)
    _write_down(issued, "adopt", actor, now)


def _cycle_of(there: CredlyBadge, cycles: Sequence[IssuedBadge]) -> IssuedBadge:
    """Return whose badge it is, of cycles newest first: the one with its date.

    Another date is that of an earlier cycle, never of the newest (assurance 3, rule 5).
    """
    for issued in cycles:
        if issued.issued_at.replace(microsecond=0) == there.issued_at:
            return issued
    return cycles[1] if len(cycles) > 1 else cycles[0]


def _end_what_carries(issued: IssuedBadge, now: datetime) -> None:
    """End the open delivery that was to bring the badge, unless a worker has it in hand."""
    brings = Delivery.kind != DeliveryKind.REVOKE
    free = Delivery.state != DeliveryState.SENDING
    mine = (Delivery.issued_badge_id == issued.id) & Delivery.state.in_(OPEN)
    if issued.credly_id is None:
        ended = {"state": DeliveryState.DONE, "ended_at": now, "held_because": None}
        found = db.session.execute(
            update(Delivery)
            .where(mine, brings, free)
            .values(**ended, reason=say("repair_adopt").stored())
            .execution_options(synchronize_session=False)
        )
        if found.rowcount:
            issued.came_at = now
    if db.session.scalar(select(Delivery.id).where(mine)) is not None:
        db.session.rollback()
        raise RuleBroken(say("already_on_its_way"))


def _look_first(later: Sequence[IssuedBadge], now: datetime) -> None:
    """Let later cycles see the badge of the earlier one before they send anything."""
    theirs = Delivery.issued_badge_id.in_([one.id for one in later])
    db.session.execute(
        update(Delivery)
        .where(theirs, Delivery.state.in_(OPEN), Delivery.state != DeliveryState.SENDING)
        .where(Delivery.kind == DeliveryKind.ISSUE)
        .values(
            sent_at=func.coalesce(Delivery.sent_at, now),
            quiet_until=func.coalesce(Delivery.quiet_until, now),
        )
        .execution_options(synchronize_session=False)
    )


def take_over_state(*, actor: Person, issued_id: int, means: Means, now: datetime) -> None:
    """Believe Credly about a badge that drifted, following replacements. Commits."""
    issued = _issued(issued_id)
    there = _ask(issued.badge, issued.credly_id or "", means)
    for _step in range(20):
        if there.replacement_badge_id is None:
            break
        there = _ask(issued.badge, there.replacement_badge_id, means)
    issued_badges.apply_first(issued, there, means, now, was_there=issued.was_there)
    _write_down(issued, "take_over", actor, now)


def acknowledge(*, actor: Person, issued_id: int, means: Means, now: datetime) -> None:
    """Accept that a badge is gone at Credly: it stays listed, the books no longer fail. Commits.

    Credly is asked once more; a badge that is there after all raises RuleBroken.
    """
    issued = _issued(issued_id)
    if issued.credly_id is None or _find(issued.badge, issued.credly_id, means) is not None:
        raise RuleBroken(say("still_at_credly"))
    issued.gone_acknowledged = True
    issued.gone_at = issued.gone_at or now
    _write_down(issued, "acknowledge", actor, now)


def _holds_a_live_one(issued: IssuedBadge, new_id: str, means: Means) -> bool:
    """Whether the issued badge has another live badge at Credly: then this one is a second."""
    if issued.credly_id in {None, new_id}:
        return False
    other = _find(issued.badge, issued.credly_id or "", means)
    return other is not None and not other.is_revoked and other.replacement_badge_id is None


def _ask(badge: Badge, credly_id: str, means: Means) -> CredlyBadge:
    there = _find(badge, credly_id, means)
    if there is None:
        raise RuleBroken(say("gone_at_credly"))
    return there


def _find(badge: Badge, credly_id: str, means: Means) -> CredlyBadge | None:
    connection = badge.connection
    if connection is None:
        raise NotFound
    end_transaction()
    try:
        return client_for(connection, means).badge(credly_id)
    except CredlyTrouble as trouble:
        raise RuleBroken(message_of(trouble)) from trouble


def _issued(issued_id: int) -> IssuedBadge:
    issued = db.session.get(IssuedBadge, issued_id)
    if issued is None:
        raise NotFound
    return issued


def _newest_delivery(issued: IssuedBadge) -> Delivery:
    query = select(Delivery).filter_by(issued_badge_id=issued.id).order_by(Delivery.id.desc())
    return db.session.scalars(query).first()


def _write_down(issued: IssuedBadge, repair: str, actor: Person, now: datetime) -> None:
    delivery = _newest_delivery(issued)
    if delivery is not None:
        note(delivery.id, say(f"repair_{repair}"), now, person=actor)
    about = {"subject": delivery, "person_id": issued.learner_id, "after": issued.state}
    audit.note(f"books.{repair}", actor=actor, now=now, **about)
    db.session.commit()
