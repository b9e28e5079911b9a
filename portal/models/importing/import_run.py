"""Runs of uploaded files, and what is to be said about their rows. One run is one file of a kind;
an upload with several files is several runs over the same bytes.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.connection import Connection
from portal.models.learning.learning_object import LearningObject
from portal.models.people.person import Person


class ImportState(StrEnum):
    """Upload → preview → start → done, with its exits."""

    READING = "reading"  # waits for its preview, or is being read
    REFUSED = "refused"  # the whole file is no good; nothing was changed
    READY = "ready"  # the preview is there and waits for a person
    RUNNING = "running"
    STOPPED = "stopped"  # something stood in the way; it can go on
    DONE = "done"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


class ImportRun(db.Model):
    """One uploaded file. `columns` is its header as it was, `ignored` what we have no use for.

    The counts are those of the preview, and from the start on those of the run itself.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    file_name: Mapped[str] = mapped_column(String(255))
    # Which file inside the upload it is, where that is a zip.
    member: Mapped[str | None] = mapped_column(String(1024))
    # Our own name of the kept bytes; None once they were deleted, and the rows with them.
    upload: Mapped[str | None] = mapped_column(String(64))
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("connection.id"))
    # What the file is about, where a kind of file belongs to one learning object.
    learning_object_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_object.id"), index=True
    )
    # The catalogue whose file it is, where it came with others in one zip.
    catalogue_import_id: Mapped[int | None] = mapped_column(
        ForeignKey("catalogue_import.id"), index=True
    )
    # What else the kind wants to know: plain values.
    options: Mapped[dict] = mapped_column(JSON, default=dict, server_default="{}")
    # Who uploaded it, and from the start on who started it; None for the command line.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    state: Mapped[ImportState] = mapped_column(one_of(ImportState), default=ImportState.READING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    separator: Mapped[str | None] = mapped_column(String(4))
    encoding: Mapped[str | None] = mapped_column(String(32))
    columns: Mapped[list] = mapped_column(JSON, default=list)
    ignored: Mapped[list] = mapped_column(JSON, default=list)
    notes: Mapped[list] = mapped_column(JSON, default=list)
    rows: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    noted: Mapped[int] = mapped_column(default=0)
    # The last line of the file that is dealt with; a killed run goes on behind it.
    done_line: Mapped[int] = mapped_column(default=0)
    # Where the next row begins: bytes from the start of the text, and the line there.
    done_at: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    next_line: Mapped[int] = mapped_column(default=1, server_default="1")
    # When the preview read all of Credly's templates, because the file names so many.
    listed_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[dict | None] = mapped_column(JSON)

    connection: Mapped[Connection | None] = relationship()
    learning_object: Mapped[LearningObject | None] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_import_run_state_due", "state", "due"),)

    @property
    def dealt_with(self) -> int:
        """How many rows the preview, or the run, has behind it."""
        return self.new + self.changed + self.unchanged + self.failed

    @property
    def succeeded(self) -> int:
        """How many rows are as the file wants them."""
        return self.new + self.changed + self.unchanged


class ImportRow(db.Model):
    """A row of the file as the preview saw it, and later as the run left it."""

    __tablename__ = "import_row"

    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[Outcome] = mapped_column(one_of(Outcome))
    source_id: Mapped[str | None] = mapped_column(String(255))
    name: Mapped[str] = mapped_column(String(255), default="")
    # Of the cells we use: the same content twice counts once.
    digest: Mapped[str] = mapped_column(String(32))
    # What only one thing may have, and the row's has once it is in: the template of a badge.
    holds: Mapped[str | None] = mapped_column(String(255))
    noted: Mapped[bool] = mapped_column(default=False)
    # As they were in the file; kept for the error records only.
    cells: Mapped[list | None] = mapped_column(JSON)
    # Field → [old, new] for changed rows.
    changes: Mapped[dict] = mapped_column(JSON, default=dict)
    # {column, code, values} each; errors for failed rows, notes for the others.
    remarks: Mapped[list] = mapped_column(JSON, default=list)

    __table_args__ = (
        Index("ix_import_row_import_run_id_outcome", "import_run_id", "outcome"),
        Index("ix_import_row_import_run_id_source_id", "import_run_id", "source_id"),
        Index("ix_import_row_import_run_id_holds", "import_run_id", "holds"),
    )
