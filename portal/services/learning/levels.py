"""Skill levels seen from what uses them: courses, paths, learners, awards."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    ApplyRun,
    Award,
    Badge,
    BadgeState,
    Course,
    CourseCredit,
    EarlierRun,
    EarnedCredit,
    KeptLevel,
    LearningPath,
    PathLevel,
    ReachedLevel,
    SkillLevel,
    Template,
)

_USERS = (
    CourseCredit,
    PathLevel,
    EarnedCredit,
    ReachedLevel,
    KeptLevel,
    Award,
    EarlierRun,
    ApplyRun,
)


def uses_of(level_ids: Collection[int]) -> dict[str, int]:
    """Return how many rows of each table name these levels."""
    counts = (
        select(func.count())
        .select_from(table)
        .where(table.skill_level_id.in_(level_ids))
        .scalar_subquery()
        .label(table.__tablename__)
        for table in _USERS
    )
    return dict(db.session.execute(select(*counts)).one()._mapping)


def reached_counts(level_ids: Collection[int]) -> dict[int, int]:
    """Return how many people have reached each of these levels."""
    query = select(ReachedLevel.skill_level_id, func.count()).group_by(ReachedLevel.skill_level_id)
    query = query.where(ReachedLevel.skill_level_id.in_(level_ids))
    return {level_id: count for level_id, count in db.session.execute(query)}


def courses_of(level_ids: Collection[int]) -> Sequence[tuple[Course, CourseCredit]]:
    """Return the courses that give credits to these levels."""
    query = (
        select(Course, CourseCredit)
        .join(CourseCredit, CourseCredit.course_id == Course.id)
        .where(CourseCredit.skill_level_id.in_(level_ids))
        .options(joinedload(CourseCredit.skill_level))
        .order_by(Course.title, Course.id)
    )
    return [tuple(row) for row in db.session.execute(query.limit(200))]


def paths_of(level_ids: Collection[int]) -> Sequence[tuple[LearningPath, SkillLevel]]:
    """Return the paths that grant these levels."""
    query = (
        select(LearningPath, SkillLevel)
        .join(PathLevel, PathLevel.learning_path_id == LearningPath.id)
        .join(SkillLevel, SkillLevel.id == PathLevel.skill_level_id)
        .where(PathLevel.skill_level_id.in_(level_ids))
        .order_by(LearningPath.title, LearningPath.id)
    )
    return [tuple(row) for row in db.session.execute(query.limit(200))]


def fit_to_attach() -> ColumnElement[bool]:
    """Whether a badge, joined to its template, may be attached to something new."""
    active = or_(Badge.template_id.is_(None), Template.state == "active")
    return (Badge.state == BadgeState.ACTIVE) & active


def name_of_badge() -> ColumnElement[str]:
    """The name of a badge that is joined to its template."""
    return func.coalesce(Badge.own_name, Template.name, "")
