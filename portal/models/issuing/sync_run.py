"""One run of mirroring a connection's templates, and what it changed."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.connection import Connection
from portal.models.people.person import Person


class RunState(StrEnum):
    """Where a run of background work stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class SyncRun(db.Model):
    """`changes` lists what differs: the template's name and Credly id, field, old and new value."""

    __tablename__ = "sync_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[RunState] = mapped_column(one_of(RunState), default=RunState.WAITING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    found: Mapped[int] = mapped_column(default=0)
    changes: Mapped[list] = mapped_column(JSON, default=list)
    reason: Mapped[dict | None] = mapped_column(JSON)

    connection: Mapped[Connection] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_sync_run_state_due", "state", "due"),)
