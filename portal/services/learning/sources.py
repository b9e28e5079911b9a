"""What a badge can be earned through: a learning object or a skill level."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.errors import NotFound
from portal.extensions import db
from portal.models import Award, Badge, LearningObject, Person, SkillLevel
from portal.policies import can_edit, is_admin

OBJECTS, LEVELS = "objects", "levels"


@dataclass(frozen=True)
class Source:
    """One of the two, exactly."""

    learning_object: LearningObject | None = None
    level: SkillLevel | None = None

    @property
    def what(self) -> str:
        """Which of the two, as addresses say it."""
        return OBJECTS if self.learning_object is not None else LEVELS

    @property
    def thing(self) -> LearningObject | SkillLevel:
        """The stored row."""
        found = self.learning_object if self.learning_object is not None else self.level
        assert found is not None  # noqa: S101 — made with one of the two, always
        return found

    @property
    def id(self) -> int:
        """Its id, unique among its like."""
        return self.thing.id

    @property
    def badge(self) -> Badge | None:
        """The badge that it gives now."""
        return self.thing.badge

    @property
    def hold(self) -> timedelta:
        """For how long what is earned through it can be cancelled before it is sent."""
        return timedelta(minutes=self.learning_object.hold_minutes if self.learning_object else 0)

    @property
    def key(self) -> dict[str, int | None]:
        """The two columns by which awards and runs name their source."""
        return {
            "learning_object_id": self.learning_object.id if self.learning_object else None,
            "skill_level_id": self.level.id if self.level else None,
        }


def may_manage(actor: Person, source: Source) -> bool:
    """Whether the source is theirs: skills belong to the admins."""
    if source.learning_object is not None:
        return can_edit(actor, source.learning_object)
    return is_admin(actor)


def get_for_managing(actor: Person, what: str, source_id: int) -> Source:
    """Return the source if `actor` may manage it; otherwise it does not exist for them."""
    source = find(what, source_id)
    if source is None or not may_manage(actor, source):
        raise NotFound
    return source


def find(what: str, source_id: int) -> Source | None:
    """Return the source with this id."""
    if what == LEVELS:
        level = db.session.get(SkillLevel, source_id, options=[joinedload(SkillLevel.skill)])
        return Source(level=level) if level else None
    found = db.session.get(LearningObject, source_id) if what == OBJECTS else None
    return Source(learning_object=found) if found else None


def of_badge(badge: Badge) -> list[Source]:
    """Return everything through which this badge can be earned now, by title."""
    objects = select(LearningObject).filter_by(badge_id=badge.id).order_by(LearningObject.title)
    levels = select(SkillLevel).filter_by(badge_id=badge.id).options(joinedload(SkillLevel.skill))
    return [
        *(Source(learning_object=one) for one in db.session.scalars(objects.limit(50))),
        *(Source(level=one) for one in db.session.scalars(levels.order_by(SkillLevel.id))),
    ]


def of_awards(awards: Iterable[Award]) -> list[Source]:
    """Return through what these awards were earned, each source once."""
    given = list(awards)
    objects = {one.learning_object_id for one in given if one.learning_object_id}
    levels = {one.skill_level_id for one in given if one.skill_level_id}
    found = select(LearningObject).where(LearningObject.id.in_(objects))
    reached = select(SkillLevel).where(SkillLevel.id.in_(levels))
    return [
        *(Source(learning_object=one) for one in db.session.scalars(found)),
        *(
            Source(level=one)
            for one in db.session.scalars(reached.options(joinedload(SkillLevel.skill)))
        ),
    ]
