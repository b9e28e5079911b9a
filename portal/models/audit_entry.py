"""Who did what, to what and to whom, and why. Rows are added and never changed.

They hold ids and words of our own, no personal values; the one exception is the reason that
somebody typed.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment
from portal.models.people.person import Person


class AuditEntry(db.Model):
    """One thing that was done. `actor_id` is None for the portal itself and the command line."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    # A verb of ours, such as `enrolment.undo`; what it was done to, and to whom.
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(String(64))
    subject_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict] = mapped_column(JSON, default=dict)

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        Index("ix_audit_entry_at", "at"),
        Index("ix_audit_entry_action_at", "action", "at"),
        Index("ix_audit_entry_subject_subject_id", "subject", "subject_id"),
    )
