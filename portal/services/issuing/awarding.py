"""Awarding: badges are earned, each once for its source and cycle, with what carries it to Credly.

Everything here belongs to the transaction of its caller, who has locked the learner's row and
commits. Many at once cost as many statements as one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import make_transient_to_detached

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
from portal.services.in_bulk import insert_all
from portal.services.issuing import notices
from portal.services.issuing.orders import why_held
from portal.services.issuing.shelves import NO_HOLD, Earned, Shelf, shelves_of

MANY = 50  # new awards: of one learner there are hardly ever so many at once
_KEY = ("learner_id", "badge_id", "cycle", "learning_object_id", "skill_level_id")
_SAID = ("state", "earned_at", "expires_at", "held_until", "not_sent_because")


def award(
    *, learner: Person, badge: Badge, earned_at: datetime, now: datetime, **how
) -> Award | None:
    """Award one badge; `how` are the other fields of Earned. See `award_all`."""
    earned = Earned(badge.id, earned_at, **how)
    return award_all(earned={learner: [earned]}, now=now)[learner][0]


def award_all(
    *, earned: Mapping[Person, Sequence[Earned]], now: datetime
) -> dict[Person, list[Award | None]]:
    """Award each badge once through its source; doing it again returns the first award.

    None for a retired badge: what was learned counts, but nothing is earned. The second source of
    the same badge shares the first one's issued badge. An award that was cancelled is earned anew
    as the same row. A renewal replaces the badge of the cycle before at Credly.
    """
    given: dict[Person, list[Award | None]] = {learner: [] for learner in earned}
    wanted = {(who.id, one.badge_id) for who, theirs in earned.items() for one in theirs}
    if not wanted:
        return given
    shelves = shelves_of(wanted)
    fresh: list[Award] = []
    for learner, theirs in earned.items():
        for one in theirs:
            shelf = shelves[learner.id, one.badge_id]
            given[learner].append(_award(learner, shelf, one, fresh, now))
    _store(fresh)
    # Who is at work here reads of their own completion, which says so.
    mine = {learner.id for learner in earned if audit.is_by(learner)}
    others = [one for one in fresh if one.learner_id not in mine]
    audit.note_many("award.earn", others, now=now)
    return given


def _store(awards: Sequence[Award]) -> None:
    """Write these awards down.

    SQLite takes rows one by one where it has to tell their ids; many are asked for theirs after.
    """
    new = [one for one in awards if inspect(one).transient]
    unsent = [one for one in new if one.issued_badge is None]
    many = len(unsent) >= MANY
    db.session.add_all(one for one in new if not many or one.issued_badge is not None)
    db.session.flush()
    if many:
        _insert(unsent)


def _insert(awards: Sequence[Award]) -> None:
    rows = [{name: getattr(one, name) for name in (*_KEY, *_SAID)} for one in awards]
    insert_all(Award.__table__, rows)
    query = select(Award.id, *(getattr(Award, name) for name in _KEY)).where(
        Award.learner_id.in_({one.learner_id for one in awards}),
        Award.badge_id.in_({one.badge_id for one in awards}),
    )
    ids = {tuple(key): award_id for award_id, *key in db.session.execute(query)}
    for one in awards:
        one.id = ids[tuple(getattr(one, name) for name in _KEY)]
        make_transient_to_detached(one)
    db.session.add_all(awards)


def _award(
    learner: Person, shelf: Shelf, earned: Earned, fresh: list[Award], now: datetime
) -> Award | None:
    """Award one badge; what is earned by it is added to `fresh`."""
    cycle = shelf.cycle_for(earned)
    given = shelf.award(earned, cycle)
    if given is not None and given.state is not AwardState.CANCELLED:
        _keep(shelf, cycle)
        return given
    if shelf.badge.state is BadgeState.RETIRED:
        return given
    if given is None:
        given = Award(
            learner_id=learner.id,
            badge_id=shelf.badge.id,
            cycle=cycle,
            learning_object_id=earned.learning_object_id,
            skill_level_id=earned.skill_level_id,
        )
        shelf.awards.append(given)
    fresh.append(given)
    given.state, given.earned_at = AwardState.EARNED, earned.earned_at
    given.expires_at, given.not_sent_because = earned.expires_at, earned.not_sent_because
    given.held_until = now + earned.hold if earned.hold else None
    if shelf.badge.on_credly and earned.not_sent_because is None:
        given.issued_badge = _issue(learner, shelf, cycle, earned, now)
    return given


def _issue(learner: Person, shelf: Shelf, cycle: int, earned: Earned, now: datetime) -> IssuedBadge:
    """Return the cycle's issued badge; a new one, or one that was cancelled, goes on its way."""
    issued = shelf.issued.get(cycle)
    if issued is not None and (issued.credly_id or cycle in shelf.open):
        _keep(shelf, cycle)
        return issued
    if issued is None:
        issued = IssuedBadge(learner_id=learner.id, badge_id=shelf.badge.id, cycle=cycle)
        db.session.add(issued)
        shelf.issued[cycle] = issued
    issued.issued_at = issued.came_at = earned.earned_at
    issued.expires_at = earned.expires_at
    issued.replaces = shelf.before(cycle)
    until = shelf.held_until(cycle, now, earned)
    shelf.open[cycle] = new_delivery(issued, shelf.badge, learner, now, until)
    shelf.open[cycle].suppress_mail = earned.suppress_mail
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


def new_delivery(
    issued: IssuedBadge,
    badge: Badge,
    learner: Person,
    now: datetime,
    held_until: datetime | None = None,
) -> Delivery:
    """Put an issued badge into the outbox; what stands in its way holds it, or else its time does.

    One that follows a badge of an earlier cycle replaces it.
    """
    because = why_held(badge, badge.template, badge.connection, learner)
    because = because or (Held.UNDO_WINDOW if held_until else None)
    delivery = Delivery(
        issued_badge=issued,
        connection_id=badge.connection_id,
        kind=DeliveryKind.REPLACE if issued.replaces else DeliveryKind.ISSUE,
        state=DeliveryState.HELD if because else DeliveryState.WAITING,
        held_because=because,
        held_until=held_until,
        due=now,
        created_at=now,
    )
    db.session.add(delivery)
    if because is Held.NAME_NOT_USABLE:
        notices.name_needed(learner, now)
    return delivery


def hand_in(award: Award, now: datetime, hold: timedelta = NO_HOLD) -> None:
    """Give an award that has none its issued badge and delivery, held for so long.

    What is left of the hold that began when it was earned is kept.
    """
    pair = award.learner_id, award.badge_id
    shelf = shelves_of({pair})[pair]
    earned = Earned(award.badge_id, award.earned_at, expires_at=award.expires_at, hold=hold)
    award.issued_badge = _issue(award.learner, shelf, award.cycle, earned, now)
    db.session.flush()
