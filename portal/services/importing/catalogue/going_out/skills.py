"""Skills, their levels and the credits that courses give, as rows."""

from collections.abc import Iterator

from sqlalchemy import select

from portal.extensions import db
from portal.models import Badge, CourseCredit, Skill, SkillLevel
from portal.services.importing.catalogue.going_out.pieces import (
    OBJECTS,
    Row,
    objects,
    pieces_of,
    row_of,
)


def skills() -> Iterator[Row]:
    """Skills."""
    query = select(Skill.id, Skill.source_id, Skill.name, Skill.description, Skill.state)
    for piece in pieces_of(query, Skill.id):
        for one in piece:
            yield row_of(one.source_id, one.name, one.description, one.state.value.upper())


def skill_levels() -> Iterator[Row]:
    """Levels of skills."""
    query = (
        select(SkillLevel.id, Skill.source_id, SkillLevel.level, SkillLevel.credits)
        .add_columns(Badge.source_id.label("badge"))
        .join(SkillLevel.skill)
        .outerjoin(SkillLevel.badge)
    )
    for piece in pieces_of(query, SkillLevel.id):
        for one in piece:
            yield row_of(one.source_id, one.level, one.credits, one.badge)


def skill_courses() -> Iterator[Row]:
    """The credits that courses give."""
    for piece in pieces_of(objects("course"), OBJECTS.id):
        query = (
            select(CourseCredit.course_id, Skill.source_id, SkillLevel.level, CourseCredit.credits)
            .join(SkillLevel, SkillLevel.id == CourseCredit.skill_level_id)
            .join(SkillLevel.skill)
            .where(CourseCredit.course_id.in_([one.id for one in piece]))
            .order_by(CourseCredit.course_id, Skill.id, SkillLevel.level)
        )
        names = {one.id: one.source_id for one in piece}
        for one in db.session.execute(query):
            yield row_of(names[one.course_id], one.source_id, one.level, one.credits)
