"""What a course or path does for skills: credits that a course gives, levels that a path grants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Course,
    CourseCredit,
    LearningPath,
    PathLevel,
    Person,
    Skill,
    SkillLevel,
    SkillState,
)
from portal.services import audit
from portal.services.learning.skills import MOST_CREDITS
from portal.services.learning.snapshots import hand_out

MOST_ROWS = 30


@dataclass(frozen=True)
class SkillRow:
    """One row of the form: a level of a skill, and credits where a course gives them."""

    skill_id: int
    level: int
    credits: int | None = None


def credits_of(course: Course) -> Sequence[CourseCredit]:
    """Return what a course gives, by skill."""
    query = select(CourseCredit).filter_by(course_id=course.id)
    query = query.join(CourseCredit.skill_level).options(_with_skill(CourseCredit.skill_level))
    order = SkillLevel.skill_id, SkillLevel.level
    return db.session.scalars(query.order_by(*order)).unique().all()


def levels_of(path: LearningPath) -> Sequence[SkillLevel]:
    """Return the levels that a path grants, by skill."""
    query = select(SkillLevel).join(PathLevel, PathLevel.skill_level_id == SkillLevel.id)
    query = query.where(PathLevel.learning_path_id == path.id)
    query = query.options(joinedload(SkillLevel.skill))
    return db.session.scalars(query.order_by(SkillLevel.skill_id, SkillLevel.level)).all()


def row_of(level: SkillLevel, credits: int | None = None) -> SkillRow:
    """Return the row that stands for a level."""
    return SkillRow(level.skill_id, level.level, credits)


def on_offer(rows: Sequence[SkillRow]) -> Sequence[Skill]:
    """Return up to 1,000 active skills with their levels, and those of these rows, by name."""
    there = [row.skill_id for row in rows]
    query = select(Skill).where((Skill.state == SkillState.ACTIVE) | Skill.id.in_(there))
    query = query.options(selectinload(Skill.levels))
    return db.session.scalars(query.order_by(func.lower(Skill.name), Skill.id).limit(1000)).all()


def set_credits(
    *,
    actor: Person,
    course: Course,
    rows: Sequence[SkillRow],
    now: datetime,
    to_completed: bool = False,
) -> None:
    """Let a course give these credits from now on; what was earned stays. Commits.

    `to_completed` gives them, in the background, also to those who are through already.

    Raises RuleBroken at the field of a row, such as `rows-2-level`.
    """
    there = {one.skill_level_id for one in credits_of(course)}
    chosen = _levels(rows, there)
    for number, row in enumerate(rows):
        if row.credits is None or not 1 <= row.credits <= MOST_CREDITS:
            raise RuleBroken(say("credits_wrong", most=MOST_CREDITS), f"rows-{number}-credits")
    db.session.execute(delete(CourseCredit).where(CourseCredit.course_id == course.id))
    db.session.add_all(
        CourseCredit(course_id=course.id, skill_level_id=level.id, credits=row.credits)
        for level, row in zip(chosen, rows, strict=True)
    )
    if to_completed:
        hand_out(course, actor=actor, now=now)
    audit.note("course.credits", actor=actor, now=now, subject=course, rows=len(rows))
    db.session.commit()


def set_levels(
    *,
    actor: Person,
    path: LearningPath,
    rows: Sequence[SkillRow],
    now: datetime,
    to_completed: bool = False,
) -> None:
    """Let a path grant these levels from now on; what was reached stays. Commits.

    `to_completed` grants them, in the background, also to those who are through already.
    """
    chosen = _levels(rows, {level.id for level in levels_of(path)})
    db.session.execute(delete(PathLevel).where(PathLevel.learning_path_id == path.id))
    db.session.add_all(
        PathLevel(learning_path_id=path.id, skill_level_id=level.id) for level in chosen
    )
    if to_completed:
        hand_out(path, actor=actor, now=now)
    audit.note("learning_path.levels", actor=actor, now=now, subject=path, rows=len(rows))
    db.session.commit()


def _levels(rows: Sequence[SkillRow], there: set[int]) -> list[SkillLevel]:
    """Return the level of each row; raise RuleBroken for one that cannot be chosen."""
    query = select(SkillLevel).options(joinedload(SkillLevel.skill))
    query = query.where(SkillLevel.skill_id.in_({row.skill_id for row in rows}))
    known = {(level.skill_id, level.level): level for level in db.session.scalars(query)}
    skills = {skill_id for skill_id, _level in known}
    chosen: list[SkillLevel] = []
    for number, row in enumerate(rows):
        level = known.get((row.skill_id, row.level))
        if row.skill_id not in skills:
            raise RuleBroken(say("skill_unknown"), f"rows-{number}-skill")
        if level is None:
            raise RuleBroken(say("level_unknown"), f"rows-{number}-level")
        if level.skill.state is SkillState.RETIRED and level.id not in there:
            raise RuleBroken(say("skill_retired"), f"rows-{number}-skill")
        if level in chosen:
            raise RuleBroken(say("level_twice"), f"rows-{number}-level")
        chosen.append(level)
    return chosen


def _with_skill(relation):
    return joinedload(relation).joinedload(SkillLevel.skill)
