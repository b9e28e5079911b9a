"""A learner on a learning object, one row per attempt."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.learning.learning_object import LearningObject
from portal.models.people.person import Person


class EnrolmentState(StrEnum):
    """How far a learner has come."""

    ENROLLED = "enrolled"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Enrolment(db.Model):
    """One attempt of one learner at one learning object."""

    __tablename__ = "enrolment"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    learning_object_id: Mapped[int] = mapped_column(ForeignKey("learning_object.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    state: Mapped[EnrolmentState] = mapped_column(
        one_of(EnrolmentState), default=EnrolmentState.ENROLLED
    )
    enrolled_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    completed_at: Mapped[datetime | None] = mapped_column(Moment)
    success: Mapped[bool | None]

    learner: Mapped[Person] = relationship()
    learning_object: Mapped[LearningObject] = relationship()

    __table_args__ = (
        UniqueConstraint("learner_id", "learning_object_id", "attempt"),
        Index("ix_enrolment_learning_object_id_state", "learning_object_id", "state"),
    )

    @property
    def done(self) -> bool:
        """Whether this attempt is over with a completion."""
        return self.completed_at is not None
