"""Skills and their levels: what gives credits to a level, who has them, and who reached it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.columns import Moment, new_source_id, one_of
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
    # The id of the system that the thing came from; one of its own when it was made here.
    source_id: Mapped[str | None] = mapped_column(String(255), default=new_source_id, unique=True)

    levels: Mapped[list["SkillLevel"]] = relationship(
        order_by="SkillLevel.level", back_populates="skill"
    )


class SkillLevel(db.Model):
    """A level of a skill, reached with enough credits. Levels are independent of each other."""

    __tablename__ = "skill_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    level: Mapped[int]
    credits: Mapped[int]
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badge.id"), index=True)

    skill: Mapped[Skill] = relationship(back_populates="levels")
    badge: Mapped[Badge | None] = relationship()

    __table_args__ = (
        UniqueConstraint("skill_id", "level"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level_1_to_3"),
    )


class CourseCredit(db.Model):
    """The credits that a course gives to a skill level."""

    __tablename__ = "course_credit"

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True)
    skill_level_id: Mapped[int] = mapped_column(
        ForeignKey("skill_level.id"), primary_key=True, index=True
    )
    credits: Mapped[int]

    skill_level: Mapped[SkillLevel] = relationship()


class EarnedCredit(db.Model):
    """Credits that a learner got from a course, as many as it gave then: a course counts once."""

    __tablename__ = "earned_credit"

    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), primary_key=True, index=True)
    skill_level_id: Mapped[int] = mapped_column(
        ForeignKey("skill_level.id"), primary_key=True, index=True
    )
    credits: Mapped[int]
    earned_at: Mapped[datetime] = mapped_column(Moment)


class ReachedLevel(db.Model):
    """A skill level that a learner has reached; it stays theirs whatever the skill becomes.

    By credits, or granted by a path (`learning_path_id`).
    """

    __tablename__ = "reached_level"

    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    skill_level_id: Mapped[int] = mapped_column(
        ForeignKey("skill_level.id"), primary_key=True, index=True
    )
    reached_at: Mapped[datetime] = mapped_column(Moment, index=True)
    learning_path_id: Mapped[int | None] = mapped_column(ForeignKey("learning_path.id"))

    skill_level: Mapped[SkillLevel] = relationship()


class KeptLevel(db.Model):
    """The credits a level needed before it was changed, for a learner who had begun by then."""

    __tablename__ = "kept_level"

    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    skill_level_id: Mapped[int] = mapped_column(
        ForeignKey("skill_level.id"), primary_key=True, index=True
    )
    credits: Mapped[int]
