"""Who did what, to what and to whom, from where, and why. Rows are added and never changed.

They hold ids and words of our own, no personal values; the exceptions are the reason that somebody
typed and the network they came from, which an erasure empties. Triggers refuse everything else
(migration 0019, docs/decisions/0016).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.partial import partial_index
from portal.models.people.person import Person


class Channel(StrEnum):
    """By which way something was done."""

    PAGE = "page"
    API = "api"  # another system, by a token
    COMMAND = "command"
    PORTAL = "portal"  # by itself, in the background


class AuditEntry(db.Model):
    """One thing that was done. `actor_id` is None for the portal itself and the command line."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # A verb of ours, such as `enrolment.undo`; what it was done to, and to whom.
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(String(64))
    subject_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Entries from before it was noted have none.
    channel: Mapped[Channel | None] = mapped_column(one_of(Channel))
    # The network of the browser, not the machine: 203.0.113.0/24, 2001:db8:7::/48.
    network: Mapped[str | None] = mapped_column(String(43))
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict] = mapped_column(JSON, default=dict)

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])

    # Every filter of the page, and its order: newest first.
    __table_args__ = (
        Index("ix_audit_entry_at_id", "at", "id"),
        Index("ix_audit_entry_actor_id_at_id", "actor_id", "at", "id"),
        Index("ix_audit_entry_person_id_at_id", "person_id", "at", "id"),
        Index("ix_audit_entry_action_at_id", "action", "at", "id"),
        Index("ix_audit_entry_subject_subject_id_at_id", "subject", "subject_id", "at", "id"),
        # For whoever empties the networks that were kept long enough.
        partial_index("ix_audit_entry_network_at", "at", where="network IS NOT NULL"),
    )
