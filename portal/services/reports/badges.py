"""The report of badges: how often each was earned and issued, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Award, AwardState, Badge, IssuedBadge, LearningObject
from portal.services.reports.batches import BADGE_NAMES, Wanted

PIECE = 100


@dataclass(frozen=True)
class BadgeFigures:
    """A badge, and what happened to it in the period; `at_credly` is by Credly's states."""

    badge: Badge
    earned: int
    people: int
    last_earned: datetime | None
    at_credly: dict[str | None, int]


def rows(wanted: Wanted) -> Iterator[BadgeFigures]:
    """Yield every badge, the newest first, with its figures."""
    query = (
        select(Badge)
        .outerjoin(Badge.template)
        .options(joinedload(Badge.template), joinedload(Badge.connection))
        .where(*_mentioned(wanted))
        .order_by(Badge.id.desc())
        .limit(min(wanted.piece, PIECE))
    )
    part = query
    while badges := db.session.scalars(part).unique().all():
        figures = _figures(badges, wanted)
        db.session.commit()  # nothing was written; nobody waits for us meanwhile
        yield from figures
        part = query.where(Badge.id < badges[-1].id)


def _mentioned(wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    """Its own name does, or the title of what awards it."""
    objects = select(LearningObject.badge_id).where(LearningObject.badge_id.is_not(None))
    objects = objects.where(*wanted.mentioned_in(LearningObject.title))
    return tuple(named | Badge.id.in_(objects) for named in wanted.mentioned_in(*BADGE_NAMES))


def _figures(badges: Sequence[Badge], wanted: Wanted) -> list[BadgeFigures]:
    ids, window = [badge.id for badge in badges], wanted.window
    earned = (
        select(
            Award.badge_id,
            func.count(),
            func.count(Award.learner_id.distinct()),
            func.max(Award.earned_at),
        )
        .where(Award.badge_id.in_(ids), Award.state != AwardState.CANCELLED)
        .where(window.period.holds(Award.earned_at), window.people(Award.learner_id))
        .group_by(Award.badge_id)
    )
    issued = (
        select(IssuedBadge.badge_id, IssuedBadge.state, func.count())
        .where(IssuedBadge.badge_id.in_(ids), IssuedBadge.state.is_not(None))
        .where(window.period.holds(IssuedBadge.issued_at), window.people(IssuedBadge.learner_id))
        .group_by(IssuedBadge.badge_id, IssuedBadge.state)
    )
    awards = {row[0]: row[1:] for row in db.session.execute(earned)}
    states: dict[int, dict[str | None, int]] = {}
    for badge_id, state, count in db.session.execute(issued):
        states.setdefault(badge_id, {})[state] = count
    return [
        BadgeFigures(one, *awards.get(one.id, (0, 0, None)), states.get(one.id, {}))
        for one in badges
    ]
