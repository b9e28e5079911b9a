"""What can be learned: the common part of courses, learning paths and certifications."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, new_source_id, one_of
from portal.models.issuing.badge import Badge
from portal.models.people.person import Person


class Kind(StrEnum):
    """The three kinds; the value is also the address of the kind's pages, singular."""

    COURSE = "course"
    LEARNING_PATH = "learning_path"
    CERTIFICATION = "certification"


class ObjectState(StrEnum):
    """From first thought to the archive."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class LearningObject(db.Model):
    """A course, learning path or certification. At most one badge is attached to it."""

    __tablename__ = "learning_object"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    title: Mapped[str] = mapped_column(String(510))
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ObjectState] = mapped_column(one_of(ObjectState), default=ObjectState.DRAFT)
    badge_id: Mapped[int | None] = mapped_column(ForeignKey("badge.id"), index=True)
    # Whether somebody whose badge was revoked may learn and earn it again, as a new cycle.
    earned_again: Mapped[bool] = mapped_column(default=False)
    # For so long a badge that was earned here is held before it is sent; 0 for not at all.
    hold_minutes: Mapped[int] = mapped_column(default=0, server_default="0")
    # The id of the system that the thing came from; one of its own when it was made here.
    source_id: Mapped[str | None] = mapped_column(String(255), default=new_source_id)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(Moment, default=utc_now, onupdate=utc_now)

    badge: Mapped[Badge | None] = relationship()
    owners: Mapped[list[Person]] = relationship(secondary="learning_object_owner")

    __table_args__ = (
        UniqueConstraint("kind", "source_id", name="uq_learning_object_kind_source_id"),
    )
    __mapper_args__ = {"polymorphic_on": "kind"}


class LearningObjectOwner(db.Model):
    """One owner of one learning object; there may be several."""

    __tablename__ = "learning_object_owner"

    learning_object_id: Mapped[int] = mapped_column(
        ForeignKey("learning_object.id"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
