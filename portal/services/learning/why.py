"""Why somebody earned a badge: the learning object or skill level behind an award."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Award, LearningObject, SkillLevel


def sources_of(awards: Sequence[Award]) -> dict[int, LearningObject]:
    """Return the learning objects behind these awards, by the award's id."""
    ids = {award.learning_object_id for award in awards if award.learning_object_id}
    query = select(LearningObject).where(LearningObject.id.in_(ids))
    found = {one.id: one for one in db.session.scalars(query)}
    return {one.id: found[one.learning_object_id] for one in awards if one.learning_object_id}


def skill_level_of(award: Award) -> SkillLevel | None:
    """Return the skill level behind an award; None when it came from a learning object."""
    if award.skill_level_id is None:
        return None
    query = select(SkillLevel).filter_by(id=award.skill_level_id)
    return db.session.scalars(query.options(joinedload(SkillLevel.skill))).one()
