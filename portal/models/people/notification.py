"""What the portal tells a person: in the portal always, by mail unless they do not want it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of


class NotificationKind(StrEnum):
    """What it is about. Each kind of mail can be switched off by its reader."""

    BADGE_ISSUED = "badge_issued"
    ACCEPT_REMINDER = "accept_reminder"
    EVIDENCE_DECIDED = "evidence_decided"
    ENROLLED = "enrolled"
    DUE_SOON = "due_soon"
    NAME_NEEDED = "name_needed"
    EVIDENCE_WAITING = "evidence_waiting"
    DELIVERY_NEEDS_PERSON = "delivery_needs_person"
    CONNECTION_HELD = "connection_held"
    TOKEN_EXPIRES = "token_expires"  # noqa: S105 — the word for a kind


class Notification(db.Model):
    """One thing a person should know; `path` is the page of the portal that it is about."""

    __tablename__ = "notification"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[NotificationKind] = mapped_column(one_of(NotificationKind))
    message: Mapped[dict] = mapped_column(JSON)
    path: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    read_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_notification_person_id_read_at", "person_id", "read_at"),)


class UnwantedMail(db.Model):
    """A kind of mail that a person switched off."""

    __tablename__ = "unwanted_mail"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[NotificationKind] = mapped_column(one_of(NotificationKind), primary_key=True)
