"""What came in from Credly's webhooks: hints, each kept once, that something may have changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.connection import Connection


class InboundState(StrEnum):
    """Where an event stands."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    IGNORED = "ignored"


class InboundEvent(db.Model):
    """One event id of one connection. What it says is never believed, only looked up."""

    __tablename__ = "inbound_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    event_id: Mapped[str] = mapped_column(String(36))
    event_type: Mapped[str] = mapped_column(String(60))
    state: Mapped[InboundState] = mapped_column(one_of(InboundState), default=InboundState.WAITING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    times_received: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[dict | None] = mapped_column(JSON)

    connection: Mapped[Connection] = relationship()

    __table_args__ = (
        UniqueConstraint("connection_id", "event_id"),
        Index("ix_inbound_event_state_due", "state", "due"),
    )
