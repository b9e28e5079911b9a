"""One balancing of the books: what the portal and Credly each hold, compared."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.sync_run import RunState


class Finding(StrEnum):
    """The sets that must be empty for the books to balance (assurance 5)."""

    LOST = "lost"
    TWICE = "twice"
    UNKNOWN = "unknown"
    GHOST = "ghost"
    DRIFT = "drift"
    UNFINISHED = "unfinished"
    UNREAD = "unread"


class BooksRun(db.Model):
    """`counts` has every set, `rows` the findings themselves (the first few hundred)."""

    __tablename__ = "books_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[RunState] = mapped_column(one_of(RunState), default=RunState.WAITING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    balanced: Mapped[bool | None]
    counts: Mapped[dict] = mapped_column(JSON, default=dict)
    rows: Mapped[list] = mapped_column(JSON, default=list)

    __table_args__ = (Index("ix_books_run_state_due", "state", "due"),)
