"""Runs of uploaded files, and what is to be said about their rows."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.connection import Connection
from portal.models.people.person import Person


class ImportState(StrEnum):
    """Upload → preview → start → done, with its exits."""

    READING = "reading"  # waits for its preview, or is being read
    REFUSED = "refused"  # the whole file is no good; nothing was changed
    READY = "ready"  # the preview is there and waits for a person
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


class ImportRun(db.Model):
    """One uploaded file. `columns` is its header as it was, `ignored` what we have no use for."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(255))
    upload: Mapped[str | None] = mapped_column(String(64))  # our own name of the kept bytes
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("connection.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ImportState] = mapped_column(one_of(ImportState), default=ImportState.READING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    separator: Mapped[str | None] = mapped_column(String(4))
    encoding: Mapped[str | None] = mapped_column(String(16))
    columns: Mapped[list] = mapped_column(JSON, default=list)
    ignored: Mapped[list] = mapped_column(JSON, default=list)
    notes: Mapped[list] = mapped_column(JSON, default=list)
    rows: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    # The last line of the file that is in; a killed run goes on behind it.
    done_line: Mapped[int] = mapped_column(default=0)
    reason: Mapped[dict | None] = mapped_column(JSON)

    connection: Mapped[Connection | None] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_import_run_state_due", "state", "due"),)


class ImportRow(db.Model):
    """A row of the file as the preview saw it, and later as the run left it."""

    __tablename__ = "import_row"

    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome))
    cells: Mapped[list] = mapped_column(JSON)
    # Field → [old, new] for changed rows.
    changes: Mapped[dict] = mapped_column(JSON, default=dict)
    # [column, message code, values] each; errors for failed rows, notes for the others.
    remarks: Mapped[list] = mapped_column(JSON, default=list)

    __table_args__ = (Index("ix_import_row_import_run_id_outcome", "import_run_id", "outcome"),)
