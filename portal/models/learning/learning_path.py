"""Learning paths: sections of courses and paths, and the skill levels a path grants."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.learning.learning_object import Kind, LearningObject


class LearningPath(LearningObject):
    """Several learning objects, worked through in order or freely."""

    __tablename__ = "learning_path"

    id: Mapped[int] = mapped_column(ForeignKey("learning_object.id"), primary_key=True)
    # Each step only after the one before it.
    ordered: Mapped[bool] = mapped_column(default=False)

    sections: Mapped[list["PathSection"]] = relationship(
        order_by="PathSection.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"polymorphic_identity": Kind.LEARNING_PATH}


class PathSection(db.Model):
    """A part of a path: all of its steps must be completed, or as many as `needed` says."""

    __tablename__ = "path_section"

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(255), default="")
    # None: all.
    needed: Mapped[int | None]

    steps: Mapped[list["PathStep"]] = relationship(
        order_by="PathStep.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        Index("ix_path_section_learning_path_id_position", "learning_path_id", "position"),
    )


class PathStep(db.Model):
    """A course, or a path one level down, within a section."""

    __tablename__ = "path_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("path_section.id"))
    learning_object_id: Mapped[int] = mapped_column(ForeignKey("learning_object.id"), index=True)
    position: Mapped[int]

    learning_object: Mapped[LearningObject] = relationship()

    __table_args__ = (UniqueConstraint("section_id", "learning_object_id"),)


class PathLevel(db.Model):
    """A skill level that completing a path grants directly."""

    __tablename__ = "path_level"

    learning_path_id: Mapped[int] = mapped_column(ForeignKey("learning_path.id"), primary_key=True)
    skill_level_id: Mapped[int] = mapped_column(
        ForeignKey("skill_level.id"), primary_key=True, index=True
    )
