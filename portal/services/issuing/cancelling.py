"""Taking awards back: what has not left is cancelled, what has left stays to be revoked.

Nothing here commits. Whoever calls has locked the learner's row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update

from portal.extensions import db
from portal.messages import say
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    IssuedBadge,
    Person,
)
from portal.services import audit
from portal.services.issuing.issued_badges import is_replaced
from portal.services.issuing.trail import note

_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True)
class TakenBack:
    """What became of awards: over, asked to stop while they may be leaving, or at Credly."""

    cancelled: list[Award] = field(default_factory=list)
    stopping: list[Award] = field(default_factory=list)
    left: list[Award] = field(default_factory=list)


def take_back(*, actor: Person | None, awards: Sequence[Award], now: datetime) -> TakenBack:
    """Cancel these awards as far as they have not left.

    A badge that is also earned through another source stays for that one. What may be leaving is
    asked to stop: its look-up ends it (assurance 3). What is at Credly stays as it is.
    """
    result = TakenBack()
    shared = _shared(awards)
    on_its_way = _open_deliveries(awards)
    for award in awards:
        issued = award.issued_badge
        if issued is None or issued.id in shared:
            outcome = result.cancelled
        else:
            outcome = _stop(result, issued, on_its_way.get(issued.id), actor, now)
        if outcome is result.cancelled:
            award.state = AwardState.CANCELLED
            about = {"subject": award, "person_id": award.learner_id, "now": now}
            audit.note("award.cancel", actor=actor, before="earned", after="cancelled", **about)
        outcome.append(award)
    db.session.flush()
    return result


def _stop(
    result: TakenBack,
    issued: IssuedBadge,
    delivery: Delivery | None,
    actor: Person | None,
    now: datetime,
) -> list[Award]:
    """Stop what carries a badge to Credly; say where its awards belong."""
    if issued.credly_id is not None:
        return result.cancelled if is_replaced(issued) else result.left
    if delivery is None:
        return result.cancelled
    if _cancel(delivery, now):
        note(delivery.id, say("cancelled_before_sending"), now, person=actor)
        return result.cancelled
    _ask_to_stop(delivery, now)
    note(delivery.id, say("cancel_asked"), now, person=actor)
    return result.stopping


def _shared(awards: Sequence[Award]) -> set[int]:
    """The issued badges that other awards, not taken back, point to as well."""
    ids = [one.issued_badge_id for one in awards if one.issued_badge_id]
    query = select(Award.issued_badge_id).where(
        Award.issued_badge_id.in_(ids),
        Award.state == AwardState.EARNED,
        Award.id.not_in([one.id for one in awards]),
    )
    return set(db.session.scalars(query))


def _open_deliveries(awards: Sequence[Award]) -> dict[int, Delivery]:
    ids = [one.issued_badge_id for one in awards if one.issued_badge_id]
    query = select(Delivery).where(
        Delivery.issued_badge_id.in_(ids),
        Delivery.state.in_(OPEN),
        Delivery.kind != DeliveryKind.REVOKE,
    )
    found = db.session.scalars(query, execution_options={"populate_existing": True})
    return {one.issued_badge_id: one for one in found}


def _cancel(delivery: Delivery, now: datetime) -> bool:
    """Cancel what never left and no worker has in hand; say whether it was so."""
    done = db.session.execute(
        update(Delivery)
        .where(Delivery.id == delivery.id, Delivery.sent_at.is_(None))
        .where(Delivery.state.in_(OPEN), Delivery.state != DeliveryState.SENDING)
        .values(state=DeliveryState.CANCELLED, ended_at=now)
        .execution_options(**_NO_SYNC)
    )
    return done.rowcount == 1


def _ask_to_stop(delivery: Delivery, now: datetime) -> None:
    """No more is sent; what may have been sent is looked up as soon as it can be."""
    mine = update(Delivery).where(Delivery.id == delivery.id, Delivery.state.in_(OPEN))
    db.session.execute(mine.values(cancel_asked=True).execution_options(**_NO_SYNC))
    db.session.execute(
        mine.where(Delivery.state != DeliveryState.SENDING)
        .values(
            state=DeliveryState.UNSURE,
            held_because=None,
            due=max(now, delivery.quiet_until or now),
        )
        .execution_options(**_NO_SYNC)
    )
