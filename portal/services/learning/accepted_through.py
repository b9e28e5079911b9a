"""Acceptance by what led to the badge: learning objects and skill levels, with their titles."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from portal.extensions import db
from portal.models import Award, LearningObject, Skill, SkillLevel
from portal.services.issuing.acceptance import Narrowed, facts, measures, sorted_by
from portal.services.paging import Page, table_page


def by_source(narrowed: Narrowed, order: str, page: int, now: datetime) -> Page:
    """Return a page of what leads to badges, with the funnel of each.

    A badge that somebody has through two things counts with both of them.
    """
    return table_page(_by_source(narrowed, order, now), page)


def every_source(narrowed: Narrowed, order: str, now: datetime) -> Iterator[Any]:
    """Yield all of them, for a file."""
    return iter(db.session.execute(_by_source(narrowed, order, now)).mappings())


def title_of(narrowed: Narrowed) -> tuple[str, int | None] | None:
    """Return the title that a list is narrowed to, with the level of a skill; None without one."""
    if narrowed.learning_object_id:
        query = select(LearningObject.title).filter_by(id=narrowed.learning_object_id)
        title = db.session.scalar(query)
        return (title, None) if title else None
    query = select(Skill.name, SkillLevel.level).join(SkillLevel.skill)
    found = db.session.execute(query.where(SkillLevel.id == narrowed.skill_level_id)).first()
    return (found[0], found[1]) if found else None


def _by_source(narrowed: Narrowed, order: str, now: datetime) -> Select:
    each, title = facts(narrowed, now), func.coalesce(LearningObject.title, Skill.name, "")
    source = (Award.learning_object_id, Award.skill_level_id)
    counted = (
        select(*source, *measures(each))
        .join_from(each, Award, Award.issued_badge_id == each.c.id)
        .group_by(*source)
        .subquery()
    )
    (object_id, level_id), numbers = counted.c[:2], list(counted.c)[2:]
    return (
        select(object_id, level_id, title.label("name"), SkillLevel.level, *numbers)
        .select_from(counted)
        .outerjoin(LearningObject, LearningObject.id == object_id)
        .outerjoin(SkillLevel, SkillLevel.id == level_id)
        .outerjoin(Skill, Skill.id == SkillLevel.skill_id)
        .order_by(*sorted_by(order, title, numbers), SkillLevel.level, object_id, level_id)
    )
