"""What rows refer to: things of the portal, or of the files before theirs in the same zip."""

from collections.abc import Collection, Iterable

from sqlalchemy import Select, select

from portal.extensions import db
from portal.models import (
    Badge,
    ImportRow,
    ImportRun,
    Kind,
    LearningObject,
    Module,
    Outcome,
    Person,
    Skill,
    SkillLevel,
    SourceRecord,
)
from portal.services.importing.catalogue.rows import BETWEEN, CatalogueRow, Shape, id_of
from portal.services.importing.file_kind import Errand
from portal.services.in_bulk import among

OBJECTS = {
    "course": Kind.COURSE,
    "learning_program": Kind.LEARNING_PATH,
    "certification": Kind.CERTIFICATION,
}


class References:
    """The things that a batch of rows names, each with its id in the portal, if it has one yet."""

    def __init__(self, errand: Errand, shape: Shape, batch: Collection[CatalogueRow]) -> None:
        self.errand, self.links = errand, shape.references
        wanted: dict[str, set[str]] = {}
        for _column, kind, columns in self.links:
            named = {_named(row, columns) for row in batch}
            wanted.setdefault(kind, set()).update(filter(None, named))
        self._ids = {kind: ids_of(kind, names) for kind, names in wanted.items()}
        self._there = {
            kind: self._ids[kind].keys() | self._read_coming(kind, names)
            for kind, names in wanted.items()
        }

    def check(self, row: CatalogueRow) -> None:
        """Note on the row what it names that is nowhere."""
        wrong = {column for column, _said in row.errors}
        for column, kind, columns in self.links:
            name = _named(row, columns)
            if not name or name in self._there[kind]:
                continue
            if wrong.isdisjoint(columns):
                row.error(column, "import_reference", id=name[:80], file=file_of(kind))
                wrong.add(column)

    def id(self, row: CatalogueRow, kind: str, column: str | None = None) -> int | None:
        """Return the portal's id of the thing of a kind that a row names; in this column."""
        for shown, of_kind, columns in self.links:
            if of_kind == kind and column in (None, shown):
                return self._ids[kind].get(_named(row, columns) or "")
        raise KeyError(kind)

    def found(self, kind: str) -> dict[str, int]:
        """Return the portal's ids of all that the batch names of a kind."""
        return self._ids[kind]

    def _read_coming(self, kind: str, names: Iterable[str]) -> set[str]:
        """In the preview: what a file before this one will bring."""
        run = self.errand.run
        if not self.errand.previews or run.catalogue_import_id is None:
            return set()
        query = (
            select(ImportRow.source_id)
            .join(ImportRun, ImportRun.id == ImportRow.import_run_id)
            .where(ImportRun.catalogue_import_id == run.catalogue_import_id)
            .where(ImportRun.kind == kind, ImportRow.outcome != Outcome.ERROR)
            .where(among(ImportRow.source_id, set(names)))
        )
        return set(db.session.scalars(query))


def _named(row: CatalogueRow, columns: tuple[str, ...]) -> str | None:
    if len(columns) == 1:  # an id or an address, as it stands
        return row.values.get(columns[0]) or None
    values = [row.values.get(one) for one in columns]
    return None if any(one in (None, "") for one in values) else id_of(*values)


def ids_of(kind: str, names: Collection[str]) -> dict[str, int]:
    """Return the portal's ids of things of a kind, by the ids of the source."""
    if not names:
        return {}
    if kind == "skill_level":
        return _levels(names)
    if kind == "course_module":
        return _modules(names)
    return dict(db.session.execute(_query(kind, names)).all())


def file_of(kind: str) -> str:
    """Return what the file with these things is called."""
    return "badge.csv" if kind == "badges" else f"{kind}.csv"


def _query(kind: str, names: Collection[str]) -> Select:
    if kind == "people":
        return select(Person.email, Person.id).where(among(Person.email, names))
    if kind == "badges":
        return select(Badge.source_id, Badge.id).where(among(Badge.source_id, names))
    if kind == "skill":
        return select(Skill.source_id, Skill.id).where(among(Skill.source_id, names))
    if kind in OBJECTS:
        table = LearningObject.__table__.c
        query = select(table.source_id, table.id).where(among(table.source_id, names))
        return query.where(table.kind == OBJECTS[kind])
    query = select(SourceRecord.source_id, SourceRecord.id).where(SourceRecord.kind == kind)
    return query.where(among(SourceRecord.source_id, names), SourceRecord.learner_id.is_(None))


def _modules(names: Collection[str]) -> dict[str, int]:
    """The modules of courses; 0 for what a course has in the source, and is no module here."""
    table = LearningObject.__table__.c
    query = (
        select(table.source_id, Module.source_id, Module.id)
        .join(Module, Module.course_id == table.id)
        .where(among(table.source_id, {name.rpartition(BETWEEN)[0] for name in names}))
        .where(Module.removed.is_(False))
    )
    kept = dict.fromkeys(
        db.session.scalars(
            _query("course_module", names).with_only_columns(SourceRecord.source_id)
        ),
        0,
    )
    own = {id_of(course, module): one for course, module, one in db.session.execute(query)}
    return kept | own


def _levels(names: Collection[str]) -> dict[str, int]:
    skills = {name.rpartition(BETWEEN)[0] for name in names}
    query = select(Skill.source_id, SkillLevel.level, SkillLevel.id).join(SkillLevel.skill)
    found = db.session.execute(query.where(among(Skill.source_id, skills)))
    return {f"{skill}{BETWEEN}{level}": level_id for skill, level, level_id in found}
