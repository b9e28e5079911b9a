"""What several keepers do: records of the source, and the badge of a thing's default instance."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from portal.extensions import db
from portal.models import LearningObject, SourceRecord
from portal.services.importing.catalogue.judging import shown
from portal.services.importing.catalogue.references import OBJECTS, ids_of
from portal.services.importing.catalogue.rows import CatalogueRow
from portal.services.importing.file_kind import Errand
from portal.services.importing.judging import Verdict
from portal.services.in_bulk import among, insert_all


def records_of(kind: str, source_ids: Iterable[str]) -> dict[str, SourceRecord]:
    """Return what the source said of these things earlier."""
    query = select(SourceRecord).where(
        SourceRecord.kind == kind,
        among(SourceRecord.source_id, set(source_ids)),
        SourceRecord.learner_id.is_(None),
    )
    return {one.source_id: one for one in db.session.scalars(query)}


def keep_records(errand: Errand, verdicts: Sequence[Verdict], parent: str | None = None) -> None:
    """Write down all that rows say, for things that have no table of their own.

    `parent` is the column with the thing that they are parts of.
    """
    kind = errand.run.kind
    said = {one.row.source_id or "": _all_of(one.row) for one in verdicts}
    parents = {
        one.row.source_id or "": one.row.values.get(parent) if parent else None for one in verdicts
    }
    _write(errand, kind, said, parents)


def keep_unused(errand: Errand, verdicts: Sequence[Verdict]) -> None:
    """Write down the cells that no column of ours has a place for."""
    said = {one.row.source_id or "": one.row.kept for one in verdicts if one.row.kept}
    _write(errand, errand.run.kind, said, {})


def follow_default_instances(kind: str, parents: Iterable[str]) -> None:
    """Give learning objects the badge of their default instance: the first that is active.

    An instance without a badge takes none away.
    """
    objects = {"course_instance": "course", "learning_program_instance": "learning_program"}
    query = (
        select(SourceRecord)
        .where(SourceRecord.kind == kind, among(SourceRecord.parent, set(parents)))
        .order_by(SourceRecord.id)
    )
    wanted: dict[str, str] = {}
    for one in db.session.scalars(query):
        if one.values.get("state") == "active":
            wanted.setdefault(one.parent or "", one.values.get("badgeId") or "")
    badges = ids_of("badges", set(filter(None, wanted.values())))
    table = LearningObject.__table__
    mine = (table.c.kind == OBJECTS[objects[kind]]) & (table.c.source_id == bindparam("of"))
    rows = [
        {"of": source_id, "badge": badges[badge]}
        for source_id, badge in wanted.items()
        if badge in badges
    ]
    if rows:
        db.session.execute(update(table).where(mine).values(badge_id=bindparam("badge")), rows)


def _all_of(row: CatalogueRow) -> dict[str, str]:
    said = {name: text for name, value in row.values.items() if (text := shown(value))}
    return {**said, **row.kept}


def _write(
    errand: Errand,
    kind: str,
    said: Mapping[str, Mapping[str, Any]],
    parents: Mapping[str, str | None],
) -> None:
    there = records_of(kind, said)
    fresh = []
    for source_id, values in said.items():
        record = there.get(source_id)
        if record is None:
            row = {"kind": kind, "source_id": source_id, "parent": parents.get(source_id)}
            fresh.append({**row, "values": dict(values), "import_run_id": errand.run.id})
        elif record.values != values:
            record.values = dict(values)
    insert_all(SourceRecord.__table__, fresh)
    db.session.flush()
