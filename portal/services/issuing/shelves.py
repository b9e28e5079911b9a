"""What learners have of badges, beside what they earn: which cycle that is, and what it follows.

Reads only, and plain values: the mapped classes cost more than all else of a completion. What comes
of it is `awarding`.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from portal.extensions import plain
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Badge,
    Connection,
    CredlyState,
    Delivery,
    DeliveryKind,
    IssuedBadge,
    Template,
)
from portal.services.issuing import facts
from portal.services.issuing.facts import BadgeFacts, ConnectionFacts, TemplateFacts

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

    def is_source_of(self, award: "AwardOnShelf") -> bool:
        """Whether an award came through the same learning object or skill level."""
        source = (award.learning_object_id, award.skill_level_id)
        return source == (self.learning_object_id, self.skill_level_id)

    def but(self, **changed: Any) -> "Earned":
        """Return the same with some fields changed."""
        return replace(self, **changed)


@dataclass(eq=False)
class IssuedOnShelf:
    """An issued badge; one that is not written down yet has no id."""

    learner_id: int
    badge_id: int
    cycle: int
    id: int | None = None
    credly_id: str | None = None
    state: str | None = None
    gone_at: datetime | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    replaces: "IssuedOnShelf | None" = None


@dataclass(eq=False)
class AwardOnShelf:
    """An award; one that is not written down yet has no id."""

    learner_id: int
    badge_id: int
    cycle: int
    learning_object_id: int | None
    skill_level_id: int | None
    id: int | None = None
    state: AwardState = AwardState.EARNED
    held_until: datetime | None = None
    earned_at: datetime | None = None
    expires_at: datetime | None = None
    not_sent_because: str | None = None
    issued: IssuedOnShelf | None = None


class OpenOnShelf(NamedTuple):
    """A delivery that is open; one that is not written down yet has no id."""

    id: int | None
    kind: DeliveryKind
    issue_afterwards: bool = False
    cancel_asked: bool = False


@dataclass
class Shelf:
    """What a learner has of one badge: its awards, and by cycle what is or goes to Credly."""

    badge: BadgeFacts
    template: TemplateFacts | None
    connection: ConnectionFacts | None
    awards: list[AwardOnShelf] = field(default_factory=list)
    issued: dict[int, IssuedOnShelf] = field(default_factory=dict)
    open: dict[int, OpenOnShelf] = field(default_factory=dict)  # by the issued badge's cycle

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

    def award(self, earned: Earned, cycle: int) -> AwardOnShelf | None:
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

    def before(self, cycle: int) -> IssuedOnShelf | None:
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


_BADGE, _TEMPLATE, _CONNECTION = Badge.__table__, Template.__table__, Connection.__table__
_AWARD, _ISSUED, _DELIVERY = Award.__table__, IssuedBadge.__table__, Delivery.__table__
_OF_AWARD = ("learner_id", "badge_id", "cycle", "learning_object_id", "skill_level_id")
# Put together once: every completion with a badge asks them.
_BADGE_IDS = bindparam("badge_ids", expanding=True)
_LEARNER_IDS = bindparam("learner_ids", expanding=True)
_BADGES = (
    select(*facts.columns_of_badges())
    .select_from(
        _BADGE.outerjoin(_TEMPLATE, _TEMPLATE.c.id == _BADGE.c.template_id).outerjoin(
            _CONNECTION, _CONNECTION.c.id == _BADGE.c.connection_id
        )
    )
    .where(_BADGE.c.id.in_(_BADGE_IDS))
)
_AWARDS = select(*(_AWARD.c[one] for one in (*_OF_AWARD, "id", "state", "held_until"))).where(
    _AWARD.c.learner_id.in_(_LEARNER_IDS), _AWARD.c.badge_id.in_(_BADGE_IDS)
)
_OF_ISSUED = ("learner_id", "badge_id", "cycle", "id", "credly_id", "state", "gone_at")
_ISSUED_BADGES = (
    select(*(_ISSUED.c[one] for one in _OF_ISSUED))
    .add_columns(*(_DELIVERY.c[one] for one in OpenOnShelf._fields))
    .outerjoin(
        _DELIVERY, (_DELIVERY.c.issued_badge_id == _ISSUED.c.id) & _DELIVERY.c.state.in_(OPEN)
    )
    .where(_ISSUED.c.learner_id.in_(_LEARNER_IDS), _ISSUED.c.badge_id.in_(_BADGE_IDS))
)


def shelves_of(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], Shelf]:
    """Return what each of these learners has of a badge, as the database has it."""
    given = {
        "learner_ids": list({learner_id for learner_id, _badge_id in pairs}),
        "badge_ids": list({badge_id for _learner_id, badge_id in pairs}),
    }
    connection = plain()
    found = (
        facts.facts_of(row, facts.BADGES)
        for row in connection.execute(_BADGES, {"badge_ids": given["badge_ids"]})
    )
    badges = {badge.id: (badge, *around) for badge, *around in found}
    shelves = {pair: Shelf(*badges[pair[1]]) for pair in pairs}
    for row in connection.execute(_AWARDS, given):
        if row[:2] in pairs:
            shelves[row[:2]].awards.append(AwardOnShelf(*row))
    if any(shelf.awards for shelf in shelves.values()):
        for row in connection.execute(_ISSUED_BADGES, given):
            shelf, issued = shelves.get(row[:2]), row[: len(_OF_ISSUED)]
            if shelf:
                one = IssuedOnShelf(*issued)
                shelf.issued[one.cycle] = one
                delivery = OpenOnShelf(*row[len(_OF_ISSUED) :])
                if delivery.id is not None:
                    shelf.open[one.cycle] = delivery
    return shelves
