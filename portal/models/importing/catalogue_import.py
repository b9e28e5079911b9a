"""Uploads of a whole catalogue, and what the source said of its things beyond what we use."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment
from portal.models.importing.import_run import ImportRun, ImportState
from portal.models.partial import partial_index
from portal.models.people.person import Person

_URGENT = (
    ImportState.STOPPED,
    ImportState.READING,
    ImportState.RUNNING,
    ImportState.READY,
    ImportState.CANCELLED,
    ImportState.DONE,
)


class CatalogueImport(db.Model):
    """One uploaded zip. Each of its files is a run, in the order in which they lean on another."""

    __tablename__ = "catalogue_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    # Who uploaded it; None for the command line.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    # Whether what the history earns goes to Credly, too.
    issues: Mapped[bool] = mapped_column(default=False)
    # Files of the zip that no kind of file is made for.
    left_over: Mapped[list] = mapped_column(JSON, default=list)

    person: Mapped[Person | None] = relationship()
    runs: Mapped[list[ImportRun]] = relationship(order_by=ImportRun.id, viewonly=True)

    @property
    def state(self) -> ImportState:
        """How far it is: what the most urgent of its files says."""
        states = {one.state for one in self.runs}
        return next((one for one in _URGENT if one in states), ImportState.REFUSED)


class SourceRecord(db.Model):
    """What a row of the source said that has no column of ours, by the source's own id.

    Kept for good: parts that are put together later, and cells that we have no use for. `parent`
    is the thing that a part belongs to.
    """

    __tablename__ = "source_record"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The kind of file that it came in.
    kind: Mapped[str] = mapped_column(String(64))
    source_id: Mapped[str] = mapped_column(String(255))
    parent: Mapped[str | None] = mapped_column(String(255))
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    values: Mapped[dict] = mapped_column(JSON, default=dict)
    import_run_id: Mapped[int | None] = mapped_column(ForeignKey("import_run.id"))

    __table_args__ = (
        partial_index(
            "uq_source_record_kind_source_id",
            *("kind", "source_id"),
            unique=True,
            where="learner_id IS NULL",
        ),
        partial_index(
            "uq_source_record_kind_learner_id_source_id",
            *("kind", "learner_id", "source_id"),
            unique=True,
            where="learner_id IS NOT NULL",
        ),
        Index("ix_source_record_kind_parent", "kind", "parent"),
    )
