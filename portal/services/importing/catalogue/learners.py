"""Records of learners: cells of theirs that we have no use for are kept with the learner."""

from collections.abc import Sequence

from sqlalchemy import insert, select

from portal.extensions import db
from portal.models import SourceRecord
from portal.services.importing.catalogue.references import References
from portal.services.importing.catalogue.rows import id_of
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Verdict


def keep_unused_of(
    errand: Errand, references: References, verdicts: Sequence[Verdict], columns: tuple[str, ...]
) -> None:
    """Write down the cells that no column of ours has a place for.

    The id leaves the address out, so that it stands nowhere but with the person.
    """
    said = {}
    for one in verdicts:
        if one.row.kept:
            learner_id = references.id(one.row, "people")
            source_id = id_of(*(one.row.values[name] for name in columns))
            said[learner_id, source_id] = dict(one.row.kept)
    if not said:
        return
    query = select(SourceRecord).where(
        SourceRecord.kind == errand.run.kind,
        SourceRecord.learner_id.in_({learner_id for learner_id, _id in said}),
        SourceRecord.source_id.in_({source_id for _learner, source_id in said}),
    )
    for record in db.session.scalars(query):
        values = said.pop((record.learner_id, record.source_id), None)
        if values is not None:
            record.values = values
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
    if rows:
        db.session.execute(insert(SourceRecord.__table__), rows)
