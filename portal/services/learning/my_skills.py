"""Skills as a learner sees them: levels reached, credits to go, and what gives them. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.models import (
    Badge,
    Course,
    CourseCredit,
    EarnedCredit,
    LearningObject,
    LearningPath,
    ObjectState,
    PathLevel,
    Person,
    ReachedLevel,
    Skill,
    SkillLevel,
    SkillState,
    Template,
)
from portal.services.learning import credits
from portal.services.paging import Page, literally, page_of

PER_PAGE = 12


@dataclass(frozen=True)
class Source:
    """A course that gave or gives credits, or a path that grants the level (no credits then)."""

    learning_object: LearningObject
    credits: int | None
    earned_at: datetime | None = None


@dataclass(frozen=True)
class Level:
    """A learner before one level of a skill."""

    level: SkillLevel
    needed: int
    have: int
    reached_at: datetime | None
    active: bool
    gave: Sequence[Source]
    could: Sequence[Source]

    @property
    def missing(self) -> int:
        """How many credits are still to be earned."""
        return max(0, self.needed - self.have)


def list_for(learner: Person, q: str, mine: bool, page: int) -> Page:
    """Return a page of skills by name: those that can be reached, and those the learner has
    something of; with `mine` only the latter."""
    reached = select(SkillLevel.skill_id).join(
        ReachedLevel, ReachedLevel.skill_level_id == SkillLevel.id
    )
    begun = select(SkillLevel.skill_id).join(
        EarnedCredit, EarnedCredit.skill_level_id == SkillLevel.id
    )
    own = or_(
        Skill.id.in_(reached.where(ReachedLevel.learner_id == learner.id)),
        Skill.id.in_(begun.where(EarnedCredit.learner_id == learner.id)),
    )
    query = select(Skill).where(own if mine else or_(own, Skill.state == SkillState.ACTIVE))
    if q:
        query = query.where(Skill.name.ilike(literally(q), escape="\\"))
    picture = joinedload(SkillLevel.badge).options(
        joinedload(Badge.own_image), joinedload(Badge.template).joinedload(Template.image)
    )
    query = query.options(selectinload(Skill.levels).options(picture))
    return page_of(query.order_by(Skill.name, Skill.id), page, per_page=PER_PAGE)


def levels_of(learner: Person, skills: Sequence[Skill]) -> dict[int, list[Level]]:
    """Return how the learner stands before each level of these skills, by the skill's id."""
    ids = [level.id for skill in skills for level in skill.levels]
    standings = credits.standings_of(learner, ids)
    reached, gave, could = _reached(learner, ids), _gave(learner, ids), _could(learner, ids)
    return {
        skill.id: [
            Level(
                level,
                standings[level.id].needed,
                sum(one.credits or 0 for one in gave.get(level.id, ())),
                reached.get(level.id),
                skill.state is SkillState.ACTIVE,
                gave.get(level.id, ()),
                could.get(level.id, ()),
            )
            for level in skill.levels
        ]
        for skill in skills
    }


def _reached(learner: Person, ids: Collection[int]) -> dict[int, datetime]:
    query = select(ReachedLevel).where(
        ReachedLevel.learner_id == learner.id, ReachedLevel.skill_level_id.in_(ids)
    )
    return {one.skill_level_id: one.reached_at for one in db.session.scalars(query)}


def _gave(learner: Person, ids: Collection[int]) -> dict[int, list[Source]]:
    query = (
        select(EarnedCredit, Course)
        .join(Course, Course.id == EarnedCredit.course_id)
        .where(EarnedCredit.learner_id == learner.id, EarnedCredit.skill_level_id.in_(ids))
        .order_by(EarnedCredit.earned_at, EarnedCredit.course_id)
    )
    found: dict[int, list[Source]] = {}
    for earned, course in db.session.execute(query):
        source = Source(course, earned.credits, earned.earned_at)
        found.setdefault(earned.skill_level_id, []).append(source)
    return found


def _could(learner: Person, ids: Collection[int]) -> dict[int, list[Source]]:
    """What is published and gives credits the learner does not have yet, or grants the level."""
    had = select(EarnedCredit.course_id).where(
        EarnedCredit.learner_id == learner.id,
        EarnedCredit.skill_level_id == CourseCredit.skill_level_id,
    )
    courses = (
        select(CourseCredit.skill_level_id, CourseCredit.credits, Course)
        .join(Course, Course.id == CourseCredit.course_id)
        .where(CourseCredit.skill_level_id.in_(ids), Course.state == ObjectState.PUBLISHED)
        .where(CourseCredit.course_id.not_in(had))
        .order_by(Course.title, Course.id)
    )
    paths = (
        select(PathLevel.skill_level_id, LearningPath)
        .join(LearningPath, LearningPath.id == PathLevel.learning_path_id)
        .where(PathLevel.skill_level_id.in_(ids), LearningPath.state == ObjectState.PUBLISHED)
        .order_by(LearningPath.title, LearningPath.id)
    )
    found: dict[int, list[Source]] = {}
    for level_id, given, course in db.session.execute(courses):
        found.setdefault(level_id, []).append(Source(course, given))
    for level_id, path in db.session.execute(paths):
        found.setdefault(level_id, []).append(Source(path, None))
    return found
