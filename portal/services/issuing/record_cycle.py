"""Writing down what becomes of a new cycle, whose badge replaces the one of the cycle before."""

from datetime import datetime

from sqlalchemy import select

from portal.credly.payloads import Badge as CredlyBadge
from portal.extensions import db
from portal.messages import say
from portal.models import (
    CLAIMABLE,
    Delivery,
    DeliveryKind,
    DeliveryState,
    EarlierCredlyId,
    IssuedBadge,
)
from portal.services.issuing import health, issued_badges, record
from portal.services.issuing.orders import Order
from portal.services.issuing.record import UNSENT, Run, needs_person, write

# In quiet periods: how long a new cycle sleeps when only a person or an obstacle moves the one
# before it.
LONG = 30


def wait_for(run: Run, before: Delivery, now: datetime) -> DeliveryState | None:
    """The badge of the cycle before has not settled: look again after its next try. Commits."""
    quiet = run.means.rules.quiet_period
    due = before.due + quiet if before.state in CLAIMABLE else now + LONG * quiet
    due = min(max(due, now + quiet), now + LONG * quiet)
    values = {"state": _still(run.order), "due": due}
    state = write(run, values, say("waits_for_earlier_cycle"), now, commit=False)
    health.give_probe_back(run.order.delivery.connection_id)
    db.session.commit()
    return state


def issue_instead(run: Run, now: datetime) -> DeliveryState | None:
    """Nothing is left to be replaced, so the new cycle is issued by itself. Commits.

    What may have been sent is looked up first, as ever.
    """
    values = {"kind": DeliveryKind.ISSUE, "state": _still(run.order), "due": now}
    state = write(run, values, say("nothing_left_to_replace"), now, commit=False)
    if state is not None:
        run.order.issued_row().replaces_id = None
        health.note_answer(run.order.connection, run.started_at, run.means.rules, now)
        db.session.commit()
    return state


def found(run: Run, badge: CredlyBadge, now: datetime) -> DeliveryState | None:
    """The look-up found a live badge: replace one of an earlier cycle, else adopt it. Commits."""
    order = run.order
    if badge.issuer_earner_id in {None, order.learner.earner_id}:
        earlier = _holder_of(badge, order)
        if earlier is not None and earlier.learner_id != order.learner.id:
            return needs_person(run, say("belongs_to_another"), now)
        if earlier is not None:
            return _replace_instead(run, earlier, badge, now)
    return record.found(run, badge, now)


def _replace_instead(
    run: Run, earlier: IssuedBadge, badge: CredlyBadge, now: datetime
) -> DeliveryState | None:
    """A live badge of an earlier cycle is never adopted: this delivery replaces it. Commits."""
    values = UNSENT | {"kind": DeliveryKind.REPLACE, "state": DeliveryState.WAITING, "due": now}
    state = write(run, values, say("earlier_cycle_live"), now, commit=False)
    if state is not None:
        if earlier.credly_id != badge.id:
            issued_badges.apply_first(earlier, badge, run.means, now, was_there=earlier.was_there)
        run.order.issued_row().replaces_id = earlier.id
        health.note_answer(run.order.connection, run.started_at, run.means.rules, now)
        db.session.commit()
    return state


def _holder_of(badge: CredlyBadge, order: Order) -> IssuedBadge | None:
    """Return the issued badge of ours that a live badge at Credly belongs to, if not this one.

    By its id, or an id it had; else, in a later cycle, by its date: every cycle is issued with
    the moment of its own completion, so another date is that of an earlier one.
    """
    query = select(IssuedBadge).where(
        IssuedBadge.id != order.issued.id,
        (IssuedBadge.credly_id == badge.id)
        | IssuedBadge.id.in_(
            select(EarlierCredlyId.issued_badge_id).where(EarlierCredlyId.credly_id == badge.id)
        ),
    )
    holder = db.session.scalar(query.limit(1))
    if holder is not None or order.issued.cycle == 1:
        return holder
    if badge.issued_at == order.issued.issued_at.replace(microsecond=0):
        return None
    before = (
        select(IssuedBadge)
        .filter_by(learner_id=order.issued.learner_id, badge_id=order.issued.badge_id)
        .where(IssuedBadge.cycle < order.issued.cycle)
        .order_by(IssuedBadge.cycle.desc())
    )
    return db.session.scalar(before.limit(1))


def _still(order: Order) -> DeliveryState:
    return DeliveryState.UNSURE if order.delivery.sent_at else DeliveryState.WAITING
