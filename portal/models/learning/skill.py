"""Skills and their levels. A level may carry a badge; an award can name a level as its source."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.columns import one_of
from portal.models.issuing.badge import Badge


class SkillState(StrEnum):
    """Whether a skill can still be reached."""

    ACTIVE = "active"
    RETIRED = "retired"


class Skill(db.Model):
    """Something people can do, in one to three levels."""

    __tablename__ = "skill"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SkillState] = mapped_column(one_of(SkillState), default=SkillState.ACTIVE)
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)


class SkillLevel(db.Model):
    """A level of a skill, reached with enough credits. Levels are independent of each other."""

    __tablename__ = "skill_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    level: Mapped[int]
    credits: Mapped[int]
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badge.id"), index=True)

    skill: Mapped[Skill] = relationship()
    badge: Mapped[Badge | None] = relationship()

    __table_args__ = (
        UniqueConstraint("skill_id", "level"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_1_to_3"),
    )
