"""A learner on a learning object, one row per attempt."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
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


OPEN_ENROLMENTS = (
    EnrolmentState.ENROLLED,
    EnrolmentState.IN_PROGRESS,
    EnrolmentState.SUBMITTED,
)


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
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    # The due day the learner was warned of; another one is warned of anew.
    due_told: Mapped[datetime | None] = mapped_column(Moment)
    # When the completion of a recurring certification ends.
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    # Somebody else who enrolled the learner, or recorded the completion.
    enrolled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # A later attempt at what was completed before: only what is new since it began counts.
    renews: Mapped[bool] = mapped_column(default=False)
    # When staff last took the completion back; who and why stand in the audit log.
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    # What was required when the learner began, kept when the author changed it since; None: as now.
    requirements: Mapped[dict | None] = mapped_column(JSON)

    learner: Mapped[Person] = relationship(foreign_keys=[learner_id])
    learning_object: Mapped[LearningObject] = relationship()

    __table_args__ = (
        UniqueConstraint("learner_id", "learning_object_id", "attempt"),
        # All that is counted of those on an object.
        Index(
            "ix_enrolment_standing",
            *("learning_object_id", "state", "success", "due_at"),
        ),
        Index("ix_enrolment_completed_at", "completed_at"),
        Index("ix_enrolment_due_at", "due_at"),
        # All that the dashboard counts of enrolments.
        Index(
            "ix_enrolment_figures",
            *("learning_object_id", "enrolled_at", "state", "success", "learner_id"),
        ),
    )

    @property
    def done(self) -> bool:
        """Whether this attempt is over with a completion."""
        return self.completed_at is not None

    @property
    def is_open(self) -> bool:
        """Whether the learner is still at it."""
        return self.state in OPEN_ENROLMENTS
