"""A connection: a Credly organisation we may issue for."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of


class ConnectionState(StrEnum):
    """Whether anything is sent over a connection."""

    WORKING = "working"
    HELD = "held"  # Credly refused us
    PAUSED = "paused"  # a person did


class Connection(db.Model):
    """A Credly organisation, with its sealed token. `name` and its key are unique, case-blind."""

    __tablename__ = "connection"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100), unique=True)
    organization_id: Mapped[str] = mapped_column(String(36))
    organization_name: Mapped[str] = mapped_column(String(500), default="")
    hostname: Mapped[str] = mapped_column(String(255))
    sealed_token: Mapped[str] = mapped_column(String(2000))
    token_ending: Mapped[str] = mapped_column(String(4))
    token_saved_at: Mapped[datetime] = mapped_column(Moment)
    # The smallest number of days before the end at which staff were warned by mail.
    token_warned_at: Mapped[int | None]
    token_version: Mapped[int] = mapped_column(default=1)
    linked_in_organization_id: Mapped[str | None] = mapped_column(String(40))
    linked_in_organization_name: Mapped[str | None] = mapped_column(String(255))
    state: Mapped[ConnectionState] = mapped_column(
        one_of(ConnectionState), default=ConnectionState.WORKING
    )
    state_reason: Mapped[dict | None] = mapped_column(JSON)
    state_since: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    # Since when calls fail for reasons that are not the award's own; None while all is well.
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    # Nothing is sent before this moment: Credly asked for it, or we wait between probes.
    closed_until: Mapped[datetime | None] = mapped_column(Moment)
    # The moment of the last good answer; an older one means the next call goes alone.
    proven_at: Mapped[datetime | None] = mapped_column(Moment)
    # The rate budget of all workers: seconds since 1970 when the next call may start.
    next_call: Mapped[float] = mapped_column(default=0.0)
    # Only the hash of the secret in the webhook's address, and when Credly was told it.
    webhook_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    webhook_set_at: Mapped[datetime | None] = mapped_column(Moment)
    # An address of which it is not known whether Credly took it, and when Credly is asked for it.
    webhook_next_hash: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    webhook_look_at: Mapped[datetime | None] = mapped_column(Moment)
    refresh_due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    refreshed_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)

    @property
    def seal_owner(self) -> str:
        """The name inside the sealed token, so that it opens for this row alone."""
        return f"connection:{self.id}"
