"""A course: what is particular to it beside the learning object."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.learning.learning_object import Kind, LearningObject


class Course(LearningObject):
    """Something a person works through and marks as complete."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(ForeignKey("learning_object.id"), primary_key=True)
    content: Mapped[str] = mapped_column(Text, default="")
    external_url: Mapped[str | None] = mapped_column(String(1022))

    __mapper_args__ = {"polymorphic_identity": Kind.COURSE}
