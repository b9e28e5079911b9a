"""The outbox: one row for each message that must reach Credly, and the trail of its tries."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.connection import Connection
from portal.models.issuing.issued_badge import IssuedBadge
from portal.models.partial import partial_index
from portal.models.people.person import Person


class DeliveryState(StrEnum):
    """All but the last two are open."""

    WAITING = "waiting"
    SENDING = "sending"
    UNSURE = "unsure"
    HELD = "held"
    NEEDS_PERSON = "needs_person"
    DONE = "done"
    CANCELLED = "cancelled"


CLAIMABLE = (DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.UNSURE)
OPEN = (*CLAIMABLE, DeliveryState.HELD, DeliveryState.NEEDS_PERSON)


class DeliveryKind(StrEnum):
    """What Credly is asked to do."""

    ISSUE = "issue"
    REPLACE = "replace"
    REVOKE = "revoke"


class Held(StrEnum):
    """Why a delivery is held."""

    CONNECTION_HELD = "connection_held"
    CONNECTION_PAUSED = "connection_paused"
    NO_CONNECTION = "no_connection"
    TEMPLATE_NOT_ACTIVE = "template_not_active"
    NAME_NOT_USABLE = "name_not_usable"
    OPTED_OUT = "opted_out"
    UNDO_WINDOW = "undo_window"


class Delivery(db.Model):
    """One message to Credly about one issued badge; at most one of them is open at a time."""

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(primary_key=True)
    issued_badge_id: Mapped[int] = mapped_column(ForeignKey("issued_badge.id"), index=True)
    # The badge's connection, kept here so that claiming needs no join.
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("connection.id"))
    kind: Mapped[DeliveryKind] = mapped_column(one_of(DeliveryKind), default=DeliveryKind.ISSUE)
    state: Mapped[DeliveryState] = mapped_column(
        one_of(DeliveryState), default=DeliveryState.WAITING
    )
    held_because: Mapped[Held | None] = mapped_column(one_of(Held))
    # Before this moment it stays here, so that it can be cancelled.
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    # Seconds of waiting since the first failure, of the kind that uses up patience.
    waited: Mapped[float] = mapped_column(default=0.0)
    # Failures in a row, to choose the next wait.
    failures: Mapped[int] = mapped_column(default=0)
    # Set directly before a POST; only a clear no takes it away.
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    # Before this moment a look-up may still miss what the POST booked.
    quiet_until: Mapped[datetime | None] = mapped_column(Moment)
    empty_lookups: Mapped[int] = mapped_column(default=0)
    recipient_email: Mapped[str | None] = mapped_column(String(254))
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[dict | None] = mapped_column(JSON)
    credly_words: Mapped[str | None] = mapped_column(String(500))
    # For revoking: what Credly is told, whether it writes to the earner, and what comes after.
    revoke_reason: Mapped[str | None] = mapped_column(String(500))
    suppress_mail: Mapped[bool] = mapped_column(default=False)
    issue_afterwards: Mapped[bool] = mapped_column(default=False)
    # A person asked to stop after something was sent: no more POST, the look-up ends it.
    cancel_asked: Mapped[bool] = mapped_column(default=False)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    issued_badge: Mapped[IssuedBadge] = relationship()
    connection: Mapped[Connection | None] = relationship()

    __table_args__ = (
        # In the order of claiming, so that the oldest is found without sorting all that wait.
        partial_index(
            "ix_delivery_claimable",
            *("connection_id", "due", "id"),
            where="state IN ('waiting', 'sending', 'unsure')",
        ),
        Index("ix_delivery_state_id", "state", "id"),
        # The few of which Credly was asked not to write; a truth value is a number in SQLite.
        partial_index(
            "ix_delivery_silent",
            "issued_badge_id",
            where="suppress_mail = 1",
            on_postgresql="suppress_mail",
        ),
        partial_index(
            "uq_delivery_open",
            "issued_badge_id",
            unique=True,
            where="state NOT IN ('done', 'cancelled')",
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether something may still happen to it."""
        return self.state in OPEN


class TrailEntry(db.Model):
    """One thing that happened to a delivery: a call, or what a person or the portal decided."""

    __tablename__ = "trail_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    call: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[int | None]
    seconds: Mapped[float | None]
    message: Mapped[dict | None] = mapped_column(JSON)
    credly_words: Mapped[str | None] = mapped_column(String(500))
    next_due: Mapped[datetime | None] = mapped_column(Moment)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person | None] = relationship()
