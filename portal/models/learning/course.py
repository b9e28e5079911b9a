"""A course: what is particular to it beside the learning object."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.models.columns import one_of
from portal.models.learning.learning_object import Kind, LearningObject
from portal.models.learning.module import Module


class Policy(StrEnum):
    """Who says that a course is completed."""

    LEARNER = "learner"  # the learner marks it
    EVIDENCE = "evidence"  # the learner hands evidence in, an author approves it
    STAFF = "staff"  # recorded by staff


class Criteria(StrEnum):
    """Which modules must be done."""

    ALL = "all"
    SOME = "some"  # as many as `needed` says
    CHOSEN = "chosen"  # those that are marked as required


class Course(LearningObject):
    """Something a person works through: modules, or without any one page and one button."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(ForeignKey("learning_object.id"), primary_key=True)
    content: Mapped[str] = mapped_column(Text, default="")
    external_url: Mapped[str | None] = mapped_column(String(1022))
    policy: Mapped[Policy] = mapped_column(one_of(Policy), default=Policy.LEARNER)
    criteria: Mapped[Criteria] = mapped_column(one_of(Criteria), default=Criteria.ALL)
    # Of M modules, with Criteria.SOME.
    needed: Mapped[int | None]

    modules: Mapped[list[Module]] = relationship(order_by=Module.position, viewonly=True)

    __mapper_args__ = {"polymorphic_identity": Kind.COURSE}
