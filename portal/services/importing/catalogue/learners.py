"""Records of learners: cells of theirs that we have no use for are kept with the learner."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select, update

from portal.extensions import db
from portal.models import SourceRecord
from portal.services.importing.catalogue.references import References
from portal.services.importing.catalogue.rows import id_of
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Verdict
from portal.services.in_bulk import insert_all, pairs_among
from portal.services.locks import lock_all

Key = tuple[int | None, str]  # a learner, and the source's id


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
    said: dict[Key, dict[str, str]] = {}
    for one in verdicts:
        if one.row.kept:
            learner_id = references.id(one.row, "people")
            source_id = id_of(*(one.row.values[name] for name in columns))
            said[learner_id, source_id] = dict(one.row.kept)
    there = _kept(errand.run.kind, said)
    rows = [
        {
            "kind": errand.run.kind,
            "source_id": source_id,
            "learner_id": learner_id,
            "values": values,
            "import_run_id": errand.run.id,
        }
        for (learner_id, source_id), values in said.items()
        if (learner_id, source_id) not in there
    ]
    insert_all(SourceRecord.__table__, rows)
    changed = [
        {"record": record_id, "said": said[key]}
        for key, (record_id, values) in there.items()
        if values != said[key]
    ]
    if changed:
        table = SourceRecord.__table__
        one = update(table).where(table.c.id == bindparam("record"))
        db.session.execute(one.values(values=bindparam("said")), changed)


def _kept(kind: str, keys: Collection[Key]) -> dict[Key, tuple[int, dict[str, str]]]:
    """Return what was kept of these earlier. Their learners are locked."""
    table = SourceRecord.__table__.c
    query = select(table.learner_id, table.source_id, table.id, table["values"]).where(
        table.kind == kind, pairs_among(table.learner_id, table.source_id, keys)
    )
    return {
        (learner_id, source_id): (record_id, values)
        for learner_id, source_id, record_id, values in db.session.execute(query)
    }
