"""Skill levels: credits that courses give, levels that are reached by them or granted by paths.

A course's credits count once, as many as it gave when they were earned. Nobody reaches a level of
a retired skill; what was reached stays. The caller has locked the learner's row, and commits.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from portal.extensions import db
from portal.models import (
    CourseCredit,
    EarnedCredit,
    KeptLevel,
    PathLevel,
    Person,
    ReachedLevel,
    Skill,
    SkillLevel,
    SkillState,
)


@dataclass(frozen=True)
class Standing:
    """A learner before a level: what it takes for them, and whether it is reached."""

    level: SkillLevel
    needed: int
    active: bool
    reached: bool

    @property
    def can_be_reached(self) -> bool:
        """Whether there is still something to reach."""
        return self.active and not self.reached


def earn(learner: Person, completed: Mapping[int, datetime]) -> list[ReachedLevel]:
    """Take the credits of completed courses (id → when); return the levels reached by them."""
    query = select(CourseCredit).where(CourseCredit.course_id.in_(completed))
    gives = db.session.scalars(query).all()
    if not gives:
        return []
    had = _earned(learner, {one.skill_level_id for one in gives})
    known = {(one.course_id, one.skill_level_id) for one in had}
    for one in gives:
        if (one.course_id, one.skill_level_id) not in known:
            credit = EarnedCredit(
                learner_id=learner.id,
                course_id=one.course_id,
                skill_level_id=one.skill_level_id,
                credits=one.credits,
                earned_at=completed[one.course_id],
            )
            db.session.add(credit)
            had.append(credit)
    return _reach(learner, had, floor=None)


def reach(learner: Person, level_ids: Collection[int], now: datetime) -> list[ReachedLevel]:
    """Reach, now, whichever of these levels the learner has credits enough for."""
    return _reach(learner, _earned(learner, level_ids), floor=now)


def grant(learner: Person, completed: Mapping[int, datetime]) -> list[ReachedLevel]:
    """Reach the levels that completed paths (id → when) grant; return the new ones."""
    query = select(PathLevel).where(PathLevel.learning_path_id.in_(completed))
    grants = db.session.scalars(query.order_by(PathLevel.learning_path_id)).all()
    if not grants:
        return []
    standings = standings_of(learner, {one.skill_level_id for one in grants})
    found: dict[int, ReachedLevel] = {}
    for one in sorted(grants, key=lambda grant: completed[grant.learning_path_id]):
        standing = standings[one.skill_level_id]
        if standing.can_be_reached and one.skill_level_id not in found:
            at = completed[one.learning_path_id]
            found[one.skill_level_id] = _reached(learner, standing, at, one.learning_path_id)
    return list(found.values())


def standings_of(learner: Person, level_ids: Collection[int]) -> dict[int, Standing]:
    """Return how the learner stands before these levels, by the level's id."""
    kept, reached = KeptLevel, ReachedLevel
    query = (
        select(SkillLevel, Skill.state, kept.credits, reached.reached_at)
        .join(SkillLevel.skill)
        .outerjoin(kept, and_(kept.skill_level_id == SkillLevel.id, kept.learner_id == learner.id))
        .outerjoin(
            reached,
            and_(reached.skill_level_id == SkillLevel.id, reached.learner_id == learner.id),
        )
        .where(SkillLevel.id.in_(level_ids))
    )
    return {
        level.id: Standing(
            level,
            level.credits if kept_credits is None else kept_credits,
            state is SkillState.ACTIVE,
            reached_at is not None,
        )
        for level, state, kept_credits, reached_at in db.session.execute(query)
    }


def enough_at(credits: Iterable[EarnedCredit], needed: int) -> datetime | None:
    """Return when these credits were enough; None while they are not."""
    total = 0
    for one in sorted(credits, key=lambda credit: credit.earned_at):
        total += one.credits
        if total >= needed:
            return one.earned_at
    return None


def _reach(
    learner: Person, earned: Collection[EarnedCredit], floor: datetime | None
) -> list[ReachedLevel]:
    by_level: dict[int, list[EarnedCredit]] = {}
    for one in earned:
        by_level.setdefault(one.skill_level_id, []).append(one)
    found = []
    for level_id, standing in standings_of(learner, by_level).items():
        at = enough_at(by_level[level_id], standing.needed)
        if at is not None and standing.can_be_reached:
            found.append(_reached(learner, standing, max(at, floor or at)))
    return found


def _reached(
    learner: Person, standing: Standing, at: datetime, path_id: int | None = None
) -> ReachedLevel:
    reached = ReachedLevel(
        learner_id=learner.id,
        skill_level=standing.level,
        reached_at=at,
        learning_path_id=path_id,
    )
    db.session.add(reached)
    return reached


def _earned(learner: Person, level_ids: Collection[int]) -> list[EarnedCredit]:
    query = select(EarnedCredit).where(
        EarnedCredit.learner_id == learner.id, EarnedCredit.skill_level_id.in_(level_ids)
    )
    return list(db.session.scalars(query))
