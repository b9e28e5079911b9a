"""Skill levels: credits that courses give, levels that are reached by them or granted by paths.

A course's credits count once, as many as it gave when they were earned. Nobody reaches a level of
a retired skill; what was reached stays. The caller has locked the learners' rows, and commits.
Many learners cost as many statements as one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, Subquery, bindparam, cast, null, select, union_all

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
from portal.services.in_bulk import insert_all

# By the learner's id: the ids of what they completed just now, each with its moment.
Completed = Mapping[int, Mapping[int, datetime]]


class Credit(NamedTuple):
    """Credits that a learner has by a course."""

    learner_id: int
    course_id: int
    skill_level_id: int
    credits: int
    earned_at: datetime


@dataclass(frozen=True)
class Reached:
    """A level that a learner reached just now: by a path, else by credits."""

    learner_id: int
    level: SkillLevel
    at: datetime
    path_id: int | None = None


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


_CREDIT = CourseCredit.__table__.c
# What these courses give to which levels.
GIVEN = select(_CREDIT.course_id, _CREDIT.skill_level_id, _CREDIT.credits).where(
    _CREDIT.course_id.in_(bindparam("course_ids", expanding=True))
)


def earn(completed: Completed) -> list[Reached]:
    """Take the credits of completed courses; return the levels reached by them."""
    courses = {course_id for theirs in completed.values() for course_id in theirs}
    if not courses:
        return []
    gives: dict[int, list[tuple[int, int]]] = {}
    for course_id, *level in db.session.execute(GIVEN, {"course_ids": list(courses)}):
        gives.setdefault(course_id, []).append(level)
    given = [
        Credit(learner_id, course_id, level_id, credits, at)
        for learner_id, theirs in completed.items()
        for course_id, at in theirs.items()
        for level_id, credits in gives.get(course_id, ())
    ]
    if not given:
        return []
    had = _earned({(one.learner_id, one.skill_level_id) for one in given})
    known = {(one.learner_id, one.course_id, one.skill_level_id) for one in had}
    fresh = [
        one for one in given if (one.learner_id, one.course_id, one.skill_level_id) not in known
    ]
    insert_all(EarnedCredit.__table__, [one._asdict() for one in fresh])
    return _reach([*had, *fresh], floor=None)


def reach(learner: Person, level_ids: Collection[int], now: datetime) -> list[Reached]:
    """Reach, now, whichever of these levels the learner has credits enough for."""
    return _reach(_earned({(learner.id, one) for one in level_ids}), floor=now)


def grant(completed: Completed) -> list[Reached]:
    """Reach the levels that completed paths grant; return the new ones."""
    paths = {path_id for theirs in completed.values() for path_id in theirs}
    if not paths:
        return []
    query = select(PathLevel.learning_path_id, PathLevel.skill_level_id)
    query = query.where(PathLevel.learning_path_id.in_(paths))
    grants = db.session.execute(query.order_by(PathLevel.learning_path_id)).all()
    if not grants:
        return []
    learners = [one for one, theirs in completed.items() if theirs]
    levels = Levels(learners, {level_id for _path_id, level_id in grants})
    found: dict[tuple[int, int], Reached] = {}
    for learner_id, theirs in completed.items():
        own = [one for one in grants if one.learning_path_id in theirs]
        for path_id, level_id in sorted(own, key=lambda grant: theirs[grant.learning_path_id]):
            standing = levels.standing(learner_id, level_id)
            if standing.can_be_reached and (learner_id, level_id) not in found:
                one = Reached(learner_id, standing.level, theirs[path_id], path_id)
                found[learner_id, level_id] = one
    return write(list(found.values()))


def write(reached: Sequence[Reached]) -> list[Reached]:
    """Write down that these levels are reached; return them."""
    rows = [
        {
            "learner_id": one.learner_id,
            "skill_level_id": one.level.id,
            "reached_at": one.at,
            "learning_path_id": one.path_id,
        }
        for one in reached
    ]
    insert_all(ReachedLevel.__table__, rows)
    return list(reached)


def standings_of(learner: Person, level_ids: Collection[int]) -> dict[int, Standing]:
    """Return how the learner stands before these levels, by the level's id."""
    levels = Levels([learner.id], level_ids)
    return {level_id: levels.standing(learner.id, level_id) for level_id in levels.found}


class Levels:
    """Some levels, and how some learners stand before them; one statement, however many."""

    def __init__(self, learner_ids: Collection[int], level_ids: Collection[int]) -> None:
        self.found: dict[int, tuple[SkillLevel, bool]] = {}
        self._kept: dict[tuple[int, int], int] = {}
        self._reached: set[tuple[int, int]] = set()
        theirs = _kept_and_reached(learner_ids, level_ids)
        query = (
            select(SkillLevel, Skill.state, theirs.c.learner_id, theirs.c.kept)
            .join(SkillLevel.skill)
            .outerjoin(theirs, theirs.c.skill_level_id == SkillLevel.id)
            .where(SkillLevel.id.in_(level_ids))
        )
        for level, state, learner_id, kept in db.session.execute(query):
            self.found[level.id] = level, state is SkillState.ACTIVE
            if kept is not None:
                self._kept[learner_id, level.id] = kept
            elif learner_id is not None:
                self._reached.add((learner_id, level.id))

    def standing(self, learner_id: int, level_id: int) -> Standing:
        """Return how one of the learners stands before one of the levels."""
        level, active = self.found[level_id]
        key = learner_id, level_id
        return Standing(level, self._kept.get(key, level.credits), active, key in self._reached)


def _kept_and_reached(learner_ids: Collection[int], level_ids: Collection[int]) -> Subquery:
    """What these levels take by what learners kept, and which are reached: those without it."""
    kept = select(KeptLevel.learner_id, KeptLevel.skill_level_id, KeptLevel.credits.label("kept"))
    reached = select(ReachedLevel.learner_id, ReachedLevel.skill_level_id, cast(null(), Integer))
    return union_all(
        *(
            query.where(table.learner_id.in_(learner_ids), table.skill_level_id.in_(level_ids))
            for table, query in ((KeptLevel, kept), (ReachedLevel, reached))
        )
    ).subquery()


def enough_at(credits: Iterable[Credit | EarnedCredit], needed: int) -> datetime | None:
    """Return when these credits were enough; None while they are not."""
    total = 0
    for one in sorted(credits, key=lambda credit: credit.earned_at):
        total += one.credits
        if total >= needed:
            return one.earned_at
    return None


def _reach(earned: Collection[Credit], floor: datetime | None) -> list[Reached]:
    by_level: dict[tuple[int, int], list[Credit]] = {}
    for one in earned:
        by_level.setdefault((one.learner_id, one.skill_level_id), []).append(one)
    if not by_level:
        return []
    levels = Levels(
        {learner_id for learner_id, _level_id in by_level},
        {level_id for _learner_id, level_id in by_level},
    )
    found = []
    for (learner_id, level_id), theirs in by_level.items():
        standing = levels.standing(learner_id, level_id)
        at = enough_at(theirs, standing.needed) if standing.can_be_reached else None
        if at is not None:
            found.append(Reached(learner_id, standing.level, max(at, floor or at)))
    return write(found)


def _earned(pairs: Collection[tuple[int, int]]) -> list[Credit]:
    """Return the credits of these pairs of a learner and a level."""
    columns = [getattr(EarnedCredit, name) for name in Credit._fields]
    query = select(*columns).where(
        EarnedCredit.learner_id.in_({learner_id for learner_id, _level_id in pairs}),
        EarnedCredit.skill_level_id.in_({level_id for _learner_id, level_id in pairs}),
    )
    found = (Credit(*row) for row in db.session.execute(query))
    return [one for one in found if (one.learner_id, one.skill_level_id) in pairs]
