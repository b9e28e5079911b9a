"""Awarding: badges are earned, each once for its source and cycle, with what carries it to Credly.

Everything here belongs to the transaction of its caller, who has locked the learner's row and
commits. Many at once cost as many statements as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Badge,
    BadgeState,
    CredlyState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Held,
    IssuedBadge,
    Person,
)
from portal.services import audit
from portal.services.issuing import notices
from portal.services.issuing.orders import why_held

LIVE = (CredlyState.PENDING, CredlyState.ACCEPTED)


@dataclass(frozen=True)
class Earned:
    """One badge that somebody earned: through what, when, and how it is to be counted.

    `again`: a badge that was revoked is earned anew, in the next cycle. `renewal`: it begins the
    next cycle anyway. `not_sent_because`: it never goes to Credly.
    """

    badge_id: int
    earned_at: datetime
    learning_object_id: int | None = None
    skill_level_id: int | None = None
    again: bool = False
    renewal: bool = False
    expires_at: datetime | None = None
    not_sent_because: str | None = None
    suppress_mail: bool = False

    def is_source_of(self, award: Award) -> bool:
        """Whether an award came through the same learning object or skill level."""
        source = (award.learning_object_id, award.skill_level_id)
        return source == (self.learning_object_id, self.skill_level_id)

    def but(self, **changed: Any) -> "Earned":
        """Return the same with some fields changed."""
        return replace(self, **changed)


@dataclass
class _Shelf:
    """What a learner has of one badge: its awards, and by cycle what is or goes to Credly."""

    badge: Badge
    awards: list[Award] = field(default_factory=list)
    issued: dict[int, IssuedBadge] = field(default_factory=dict)
    open: dict[int, Delivery] = field(default_factory=dict)  # by the issued badge's cycle

    def cycle_for(self, earned: Earned) -> int:
        """The newest cycle, or the one after it. What was cancelled never was a cycle."""
        lived = [one for one in self.awards if one.state is not AwardState.CANCELLED]
        newest = max((one.cycle for one in lived), default=0)
        last = [one for one in lived if one.cycle == newest]
        revoked = bool(last) and all(one.state is AwardState.REVOKED for one in last)
        # A level is reached a second time only after staff took the first back.
        again = earned.again or (
            earned.skill_level_id is not None and any(map(earned.is_source_of, last))
        )
        if earned.renewal or (revoked and again):
            return newest + 1
        return max(newest, 1)

    def award(self, earned: Earned, cycle: int) -> Award | None:
        """The award that is there already for this source and cycle, whatever became of it."""
        same = (one for one in self.awards if one.cycle == cycle and earned.is_source_of(one))
        return next(same, None)

    def before(self, cycle: int) -> IssuedBadge | None:
        """The newest badge of an earlier cycle that is live at Credly, or on its way there."""
        for earlier in sorted((one for one in self.issued if one < cycle), reverse=True):
            issued, delivery = self.issued[earlier], self.open.get(earlier)
            live = issued.credly_id and issued.state in LIVE and issued.gone_at is None
            leaves = delivery and delivery.kind is DeliveryKind.REVOKE
            if leaves and not delivery.issue_afterwards:
                continue
            if live or delivery:
                return issued
        return None


def award(
    *, learner: Person, badge: Badge, earned_at: datetime, now: datetime, **how
) -> Award | None:
    """Award one badge; `how` are the other fields of Earned. See `award_all`."""
    earned = Earned(badge.id, earned_at, **how)
    return award_all(learner=learner, earned=[earned], now=now)[0]


def award_all(*, learner: Person, earned: Sequence[Earned], now: datetime) -> list[Award | None]:
    """Award each badge once through its source; doing it again returns the first award.

    None for a retired badge: what was learned counts, but nothing is earned. The second source of
    the same badge shares the first one's issued badge. An award that was cancelled is earned anew
    as the same row. A renewal replaces the badge of the cycle before at Credly.
    """
    if not earned:
        return []
    shelves = _shelves(learner, {one.badge_id for one in earned})
    fresh: list[Award] = []
    given = [_award(learner, shelves[one.badge_id], one, fresh, now) for one in earned]
    db.session.flush()
    if not audit.is_by(learner):  # else their own completion says so, and one reads it there
        audit.note_many("award.earn", fresh, person_id=learner.id, now=now)
    return given


def _shelves(learner: Person, badge_ids: set[int]) -> dict[int, _Shelf]:
    query = select(Badge).where(Badge.id.in_(badge_ids))
    query = query.options(joinedload(Badge.template), joinedload(Badge.connection))
    shelves = {badge.id: _Shelf(badge) for badge in db.session.scalars(query)}
    fresh = {"populate_existing": True}
    mine = select(Award).where(Award.learner_id == learner.id, Award.badge_id.in_(badge_ids))
    for one in db.session.scalars(mine, execution_options=fresh):
        shelves[one.badge_id].awards.append(one)
    if any(shelf.awards for shelf in shelves.values()):
        issued = (
            select(IssuedBadge, Delivery)
            .outerjoin(
                Delivery, (Delivery.issued_badge_id == IssuedBadge.id) & Delivery.state.in_(OPEN)
            )
            .where(IssuedBadge.learner_id == learner.id, IssuedBadge.badge_id.in_(badge_ids))
        )
        for one, delivery in db.session.execute(issued, execution_options=fresh):
            shelves[one.badge_id].issued[one.cycle] = one
            if delivery:
                shelves[one.badge_id].open[one.cycle] = delivery
    return shelves


def _award(
    learner: Person, shelf: _Shelf, earned: Earned, fresh: list[Award], now: datetime
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
        db.session.add(given)
        shelf.awards.append(given)
    fresh.append(given)
    given.state, given.earned_at = AwardState.EARNED, earned.earned_at
    given.expires_at, given.not_sent_because = earned.expires_at, earned.not_sent_because
    if shelf.badge.on_credly and earned.not_sent_because is None:
        given.issued_badge = _issue(learner, shelf, cycle, earned, now)
    return given


def _issue(
    learner: Person, shelf: _Shelf, cycle: int, earned: Earned, now: datetime
) -> IssuedBadge:
    """Return the cycle's issued badge; a new one, or one that was cancelled, goes on its way."""
    issued = shelf.issued.get(cycle)
    if issued is not None and (issued.credly_id or cycle in shelf.open):
        _keep(shelf, cycle)
        return issued
    if issued is None:
        issued = IssuedBadge(learner_id=learner.id, badge_id=shelf.badge.id, cycle=cycle)
        db.session.add(issued)
        shelf.issued[cycle] = issued
    issued.issued_at, issued.expires_at = earned.earned_at, earned.expires_at
    issued.replaces = shelf.before(cycle)
    shelf.open[cycle] = new_delivery(issued, shelf.badge, learner, now)
    shelf.open[cycle].suppress_mail = earned.suppress_mail
    return issued


def _keep(shelf: _Shelf, cycle: int) -> None:
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
        state=DeliveryState.HELD if because else DeliveryState.WAITING,
        held_because=because,
        due=now,
        created_at=now,
    )
    db.session.add(delivery)
    if because is Held.NAME_NOT_USABLE:
        notices.name_needed(learner, now)
    return delivery


def hand_in(award: Award, now: datetime) -> None:
    """Give an award that has none its issued badge and delivery."""
    shelf = _shelves(award.learner, {award.badge_id})[award.badge_id]
    earned = Earned(award.badge_id, award.earned_at, expires_at=award.expires_at)
    award.issued_badge = _issue(award.learner, shelf, award.cycle, earned, now)
    db.session.flush()
