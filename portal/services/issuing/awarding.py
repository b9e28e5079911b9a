"""Awarding: badges are earned, each once for its source and cycle, with what carries it to Credly.

Everything here belongs to the transaction of its caller, who has locked the learner's row and
commits. Many at once cost as many statements as one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update

from portal.extensions import db
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Badge,
    BadgeState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Held,
    IssuedBadge,
    Person,
)
from portal.services import audit
from portal.services.issuing import notices
from portal.services.issuing.awarded import Awarded
from portal.services.issuing.orders import why_held
from portal.services.issuing.shelves import (
    NO_HOLD,
    AwardOnShelf,
    Earned,
    IssuedOnShelf,
    OpenOnShelf,
    Shelf,
    shelves_of,
)


def award(
    *, learner: Person, badge: Badge, earned_at: datetime, now: datetime, **how
) -> Award | None:
    """Award one badge; `how` are the other fields of Earned. See `award_all`."""
    earned = Earned(badge.id, earned_at, **how)
    given = award_all(earned={learner: [earned]}, now=now)[learner][0]
    return None if given is None else db.session.get_one(Award, given.id)


def award_all(
    *, earned: Mapping[Person, Sequence[Earned]], now: datetime
) -> dict[Person, list[AwardOnShelf | None]]:
    """Award each badge once through its source; doing it again returns the first award.

    None for a retired badge: what was learned counts, but nothing is earned. The second source of
    the same badge shares the first one's issued badge. An award that was cancelled is earned anew
    as the same row. A renewal replaces the badge of the cycle before at Credly.
    """
    given: dict[Person, list[AwardOnShelf | None]] = {learner: [] for learner in earned}
    wanted = {(who.id, one.badge_id) for who, theirs in earned.items() for one in theirs}
    if not wanted:
        return given
    shelves, fresh = shelves_of(wanted), Awarded()
    for learner, theirs in earned.items():
        for one in theirs:
            shelf = shelves[learner.id, one.badge_id]
            given[learner].append(_award(learner, shelf, one, fresh, now))
    fresh.write()
    # Who is at work here reads of their own completion, which says so.
    mine = {learner.id for learner in earned if audit.is_by(learner)}
    others = [(one.id, one.learner_id) for one in fresh.awards if one.learner_id not in mine]
    audit.note_many("award.earn", Award.__tablename__, others, now=now)
    return given


def _award(
    learner: Person, shelf: Shelf, earned: Earned, fresh: Awarded, now: datetime
) -> AwardOnShelf | None:
    """Award one badge; what is earned by it is added to `fresh`."""
    cycle = shelf.cycle_for(earned)
    given = shelf.award(earned, cycle)
    if given is not None and given.state is not AwardState.CANCELLED:
        _keep(shelf, cycle)
        return given
    if shelf.badge.state is BadgeState.RETIRED:
        return given
    if given is None:
        given = AwardOnShelf(
            learner_id=learner.id,
            badge_id=shelf.badge.id,
            cycle=cycle,
            learning_object_id=earned.learning_object_id,
            skill_level_id=earned.skill_level_id,
        )
        shelf.awards.append(given)
    fresh.awards.append(given)
    given.state, given.earned_at = AwardState.EARNED, earned.earned_at
    given.expires_at, given.not_sent_because = earned.expires_at, earned.not_sent_because
    given.held_until = now + earned.hold if earned.hold else None
    if shelf.badge.on_credly and earned.not_sent_because is None:
        given.issued = _issue(learner, shelf, cycle, earned, fresh, now)
    return given


def _issue(
    learner: Person, shelf: Shelf, cycle: int, earned: Earned, fresh: Awarded, now: datetime
) -> IssuedOnShelf:
    """Return the cycle's issued badge; a new one, or one that was cancelled, goes on its way."""
    issued = shelf.issued.get(cycle)
    if issued is not None and (issued.credly_id or cycle in shelf.open):
        _keep(shelf, cycle)
        return issued
    if issued is None:
        issued = IssuedOnShelf(learner.id, shelf.badge.id, cycle)
        shelf.issued[cycle] = issued
    issued.issued_at = issued.came_at = earned.earned_at
    issued.expires_at = earned.expires_at
    issued.replaces = shelf.before(cycle)
    because = why_held(shelf.badge, shelf.template, shelf.connection, learner)
    row = _outbox_row(because, learner, now, shelf.held_until(cycle, now, earned))
    kind = DeliveryKind.REPLACE if issued.replaces else DeliveryKind.ISSUE
    about = {"connection_id": shelf.badge.connection_id, "kind": kind}
    fresh.issued.append(issued)
    fresh.deliveries.append((issued, {**about, **row, "suppress_mail": earned.suppress_mail}))
    shelf.open[cycle] = OpenOnShelf(None, kind)
    return issued


def _keep(shelf: Shelf, cycle: int) -> None:
    """What somebody asked to cancel while it was leaving is wanted after all."""
    delivery = shelf.open.get(cycle)
    if delivery is not None and delivery.cancel_asked:
        db.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery.id, Delivery.state.in_(OPEN))
            .values(cancel_asked=False)
            .execution_options(synchronize_session=False)
        )


def new_delivery(issued: IssuedBadge, badge: Badge, learner: Person, now: datetime) -> Delivery:
    """Put an issued badge into the outbox; what stands in its way holds it.

    One that follows a badge of an earlier cycle replaces it.
    """
    because = why_held(badge, badge.template, badge.connection, learner)
    delivery = Delivery(
        issued_badge=issued,
        connection_id=badge.connection_id,
        kind=DeliveryKind.REPLACE if issued.replaces else DeliveryKind.ISSUE,
        **_outbox_row(because, learner, now),
    )
    db.session.add(delivery)
    return delivery


def _outbox_row(
    because: Held | None, learner: Person, now: datetime, held_until: datetime | None = None
) -> dict[str, Any]:
    """Return how a delivery begins: held by what stands in its way, or else by its time."""
    if because is Held.NAME_NOT_USABLE:
        notices.name_needed(learner, now)
    because = because or (Held.UNDO_WINDOW if held_until else None)
    return {
        "state": DeliveryState.HELD if because else DeliveryState.WAITING,
        "held_because": because,
        "held_until": held_until,
        "due": now,
        "created_at": now,
    }


def hand_in(award: Award, now: datetime, hold: timedelta = NO_HOLD) -> None:
    """Give an award that has none its issued badge and delivery, held for so long.

    What is left of the hold that began when it was earned is kept.
    """
    pair = award.learner_id, award.badge_id
    shelf, fresh = shelves_of({pair})[pair], Awarded()
    earned = Earned(award.badge_id, award.earned_at, expires_at=award.expires_at, hold=hold)
    issued = _issue(award.learner, shelf, award.cycle, earned, fresh, now)
    fresh.write()
    award.issued_badge = db.session.get_one(IssuedBadge, issued.id)
    db.session.flush()
