"""A badge's Open Badges record as Credly published it, kept here in case Credly is gone one day."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of


class RecordState(StrEnum):
    """How far fetching has come."""

    WAITING = "waiting"
    FETCHING = "fetching"
    STORED = "stored"


class OpenBadgeRecord(db.Model):
    """The newest record of one issued badge; `credly_id` says of which badge at Credly."""

    __tablename__ = "open_badge_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    issued_badge_id: Mapped[int] = mapped_column(ForeignKey("issued_badge.id"), unique=True)
    credly_id: Mapped[str] = mapped_column(String(36))
    state: Mapped[RecordState] = mapped_column(one_of(RecordState), default=RecordState.WAITING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    # Assertion, badge class and issuer, as they came.
    record: Mapped[dict | None] = mapped_column(JSON)
    fetched_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_open_badge_record_state_due", "state", "due"),)
