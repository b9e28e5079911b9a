"""What a learner hands in for approval: a text, an address, a file."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.learning.enrolment import Enrolment
from portal.models.people.person import Person


class Decision(StrEnum):
    """What came of it."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


class Evidence(db.Model):
    """One hand-in of one attempt; after a rejection there may be another."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str | None] = mapped_column(String(1022))
    # The name of our own under which the file is kept, and what its sender called it.
    file_key: Mapped[str | None] = mapped_column(String(64))
    file_name: Mapped[str | None] = mapped_column(String(255))
    file_type: Mapped[str | None] = mapped_column(String(64))
    handed_in_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    decision: Mapped[Decision] = mapped_column(one_of(Decision), default=Decision.WAITING)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    enrolment: Mapped[Enrolment] = relationship()
    decided_by: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_evidence_decision_handed_in_at", "decision", "handed_in_at"),)
