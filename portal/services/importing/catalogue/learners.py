"""Records of learners: cells of theirs that we have no use for are kept with the learner."""

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite

from portal.extensions import db
from portal.models import SourceRecord
from portal.services.importing.catalogue.references import References
from portal.services.importing.catalogue.rows import id_of
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Verdict
from portal.services.locks import lock_all


def lock_learners(errand: Errand, references: References) -> None:
    """Lock the rows of all learners whom a batch names, before anything of theirs is read."""
    if not errand.previews:
        lock_all(references.found("people").values())


def keep_unused_of(
    errand: Errand, references: References, verdicts: Sequence[Verdict], columns: tuple[str, ...]
) -> None:
    """Write down the cells that no column of ours has a place for.

    The id leaves the address out, so that it stands nowhere but with the person.
    """
    said: dict[tuple[int | None, str], dict[str, str]] = {}
    for one in verdicts:
        if one.row.kept:
            learner_id = references.id(one.row, "people")
            source_id = id_of(*(one.row.values[name] for name in columns))
            said[learner_id, source_id] = dict(one.row.kept)
    if not said:
        return
    rows = [
        {
            "kind": errand.run.kind,
            "source_id": source_id,
            "learner_id": learner_id,
            "values": values,
            "import_run_id": errand.run.id,
        }
        for (learner_id, source_id), values in said.items()
    ]
    fresh = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(SourceRecord)
    upsert = fresh.on_conflict_do_update(
        index_elements=["kind", "learner_id", "source_id"],
        index_where=SourceRecord.learner_id.is_not(None),
        set_={"values": fresh.excluded["values"]},
    )
    db.session.connection().execute(upsert, rows)
