"""Records of learners: cells of theirs that we have no use for are kept with the learner."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select, update

from portal.extensions import db
from portal.models import SourceRecord
from portal.services.importing.catalogue.references import References
from portal.services.importing.catalogue.rows import id_of
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Verdict
from portal.services.learning import chain


def lock_learners(errand: Errand, references: References) -> None:
    """Lock the rows of all learners whom a batch names, before anything of theirs is read."""
    if not errand.previews:
        chain.lock_all(references.found("people").values())


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
    _change_those_that_are_there(errand, said)
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


def _change_those_that_are_there(
    errand: Errand, said: dict[tuple[int | None, str], dict[str, str]]
) -> None:
    """Write to the records that stand already, and take them out of what is `said`."""
    query = select(SourceRecord.id, SourceRecord.learner_id, SourceRecord.source_id).where(
        SourceRecord.kind == errand.run.kind,
        SourceRecord.learner_id.in_({learner_id for learner_id, _id in said}),
        SourceRecord.source_id.in_({source_id for _learner, source_id in said}),
    )
    there = [
        {"of": record_id, "said": said.pop((learner_id, source_id))}
        for record_id, learner_id, source_id in db.session.execute(query)
        if (learner_id, source_id) in said
    ]
    if there:
        table = SourceRecord.__table__
        mine = update(table).where(table.c.id == bindparam("of"))
        db.session.execute(mine.values(values=bindparam("said")), there)
