"""What badges hang on, and what hangs on nothing."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    Badge,
    BadgeState,
    CertificationCourse,
    LearningObject,
    ObjectState,
    PathSection,
    PathStep,
    Skill,
    SkillLevel,
    SkillState,
)

MOST = 2000


def without_badge() -> int:
    """Return how many published learning objects award nothing."""
    return _count(
        select(LearningObject.id).where(
            LearningObject.state == ObjectState.PUBLISHED, LearningObject.badge_id.is_(None)
        )
    )


def levels_without_badge() -> int:
    """Return how many levels of active skills award nothing."""
    query = select(SkillLevel.id).join(SkillLevel.skill)
    return _count(query.where(Skill.state == SkillState.ACTIVE, SkillLevel.badge_id.is_(None)))


def unused_badges() -> int:
    """Return how many active badges are attached to nothing."""
    return _count(unused().where(Badge.state == BadgeState.ACTIVE))


def unused() -> Select:
    """Return the query of the ids of badges that neither an object nor a skill level awards."""
    used = union(
        *(
            select(table.badge_id).where(table.badge_id.is_not(None))
            for table in (LearningObject, SkillLevel)
        )
    )
    return select(Badge.id).where(Badge.id.not_in(used))


def objects_of(badge_ids: Collection[int]) -> Sequence[LearningObject]:
    """Return the learning objects that these badges are attached to."""
    query = select(LearningObject).where(LearningObject.badge_id.in_(badge_ids))
    return db.session.scalars(query.order_by(LearningObject.title).limit(MOST)).all()


def levels_of(badge_ids: Collection[int]) -> Sequence[SkillLevel]:
    """Return the skill levels that these badges are attached to."""
    query = select(SkillLevel).join(SkillLevel.skill).options(joinedload(SkillLevel.skill))
    query = query.where(SkillLevel.badge_id.in_(badge_ids))
    return db.session.scalars(query.order_by(Skill.name, SkillLevel.level).limit(MOST)).all()


def relying_on(learning_object: LearningObject) -> Sequence[LearningObject]:
    """Return the paths and certifications that are built with it, retired ones left out."""
    paths = select(PathSection.learning_path_id).join(PathSection.steps)
    paths = paths.where(PathStep.learning_object_id == learning_object.id)
    certifications = select(CertificationCourse.certification_id)
    certifications = certifications.filter_by(course_id=learning_object.id)
    query = select(LearningObject).where(
        LearningObject.id.in_(paths) | LearningObject.id.in_(certifications),
        LearningObject.state != ObjectState.RETIRED,
    )
    return db.session.scalars(query.order_by(LearningObject.title).limit(MOST)).all()


def _count(query: Select) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
