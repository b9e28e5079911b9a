"""What learners have of badges, beside what they earn: which cycle that is, and what it follows.

Reads only; what comes of it is `awarding`.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Badge,
    CredlyState,
    Delivery,
    DeliveryKind,
    IssuedBadge,
)

LIVE = (CredlyState.PENDING, CredlyState.ACCEPTED)
NO_HOLD = timedelta()
LONGEST_HOLD = timedelta(days=7)


@dataclass(frozen=True)
class Earned:
    """One badge that somebody earned: through what, when, and how it is to be counted.

    `again`: a badge that was revoked is earned anew, in the next cycle. `renewal`: it begins the
    next cycle anyway. `not_sent_because`: it never goes to Credly. `hold`: for
    so long it can be cancelled before it does.
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
    hold: timedelta = NO_HOLD

    def is_source_of(self, award: Award) -> bool:
        """Whether an award came through the same learning object or skill level."""
        source = (award.learning_object_id, award.skill_level_id)
        return source == (self.learning_object_id, self.skill_level_id)

    def but(self, **changed: Any) -> "Earned":
        """Return the same with some fields changed."""
        return replace(self, **changed)


@dataclass
class Shelf:
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

    def held_until(self, cycle: int, now: datetime, earned: Earned) -> datetime | None:
        """Until when a badge of this cycle that is issued now stays here: while any hold of what
        it was earned through still runs."""
        times = [
            one.held_until
            for one in self.awards
            if one.cycle == cycle and one.state is AwardState.EARNED and one.held_until
        ]
        return max((one for one in [*times, now + earned.hold] if one > now), default=None)

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


# Put together once: every completion with a badge asks them. What somebody else may have changed
# since it was read is read anew.
_BADGES = bindparam("badge_ids", expanding=True)
_LEARNERS = bindparam("learner_ids", expanding=True)
_AWARDS = (
    select(Award)
    .where(Award.learner_id.in_(_LEARNERS), Award.badge_id.in_(_BADGES))
    .execution_options(populate_existing=True)
)
_ISSUED = (
    select(IssuedBadge, Delivery)
    .outerjoin(Delivery, (Delivery.issued_badge_id == IssuedBadge.id) & Delivery.state.in_(OPEN))
    .where(IssuedBadge.learner_id.in_(_LEARNERS), IssuedBadge.badge_id.in_(_BADGES))
    .execution_options(populate_existing=True)
)


@cache  # not before it is needed: a start does without the mapped classes
def _with_template() -> Select:
    query = select(Badge).where(Badge.id.in_(_BADGES))
    return query.options(joinedload(Badge.template), joinedload(Badge.connection))


def shelves_of(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], Shelf]:
    """Return what each of these learners has of a badge."""
    given = {
        "learner_ids": list({learner_id for learner_id, _badge_id in pairs}),
        "badge_ids": list({badge_id for _learner_id, badge_id in pairs}),
    }
    found = db.session.scalars(_with_template(), {"badge_ids": given["badge_ids"]})
    badges = {badge.id: badge for badge in found}
    shelves = {pair: Shelf(badges[pair[1]]) for pair in pairs}
    for one in db.session.scalars(_AWARDS, given):
        if (one.learner_id, one.badge_id) in pairs:
            shelves[one.learner_id, one.badge_id].awards.append(one)
    if any(shelf.awards for shelf in shelves.values()):
        for one, delivery in db.session.execute(_ISSUED, given):
            shelf = shelves.get((one.learner_id, one.badge_id))
            if shelf:
                shelf.issued[one.cycle] = one
                if delivery:
                    shelf.open[one.cycle] = delivery
    return shelves
