"""module.csv, module_version.csv and course_module.csv."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import (
    Course,
    Module,
    ModuleKind,
    SourceRecord,
)
from portal.services.importing import cell_rules
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.courses import MOST_MODULES
from portal.services.importing.catalogue.judging import Keeper, rows_by
from portal.services.importing.catalogue.keeping import keep_records, records_of
from portal.services.importing.catalogue.objects import Requirements
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict
from portal.services.in_bulk import among, insert_all

TITLE = 255


CONTENT = "CONTENT"


USES = {one: one for one in ("PREWORK", "TESTOUT", CONTENT)}


MODULE = Shape(
    name="module",
    columns=(
        Column("id", cells.identifier, needed=True),
        Column("moduleType", cells.text(255)),
        Column("title", cells.text(TITLE), needed=True),
        Column("description", cells.text(8190)),
    ),
    key=("id",),
    label="title",
)


MODULE_VERSION = Shape(
    name="module_version",
    columns=(
        Column("moduleId", cells.identifier, needed=True, refers_to="module"),
        Column("moduleVersion", cells.identifier, needed=True),
        Column("contentType", cells.text(255)),
        Column("contentUrl", cells.text(1022)),
    ),
    key=("moduleId", "moduleVersion"),
)


COURSE_MODULE = Shape(
    name="course_module",
    columns=(
        Column("courseId", cells.identifier, needed=True, refers_to="course"),
        Column("moduleId", cells.identifier, needed=True, refers_to="module"),
        Column("moduleVersion", cells.identifier, needed=True),
        Column("courseModuleType", cells.choice(USES), needed=True),
        Column("moduleOrderInCourse", cells.number(0, MOST_MODULES - 1), needed=True),
        Column("optionalCriteria", cells.flag),
    ),
    key=("courseId", "moduleId"),
    links=(("moduleVersion", "module_version", ("moduleId", "moduleVersion")),),
)


class Modules(Keeper):
    """Modules by themselves: kept as records until a course takes them in."""

    parent: str | None = None

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what was said of them earlier."""
        found = records_of(self.errand.run.kind, (row.source_id or "" for row in rows))
        columns = {name for row in rows for name in row.values}
        return {
            source_id: {name: one.values.get(name) for name in columns}
            for source_id, one in found.items()
        }

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Keep them; modules that courses have taken in already follow."""
        keep_records(self.errand, verdicts, self.parent)
        ids = {one.row.values.get("moduleId") or one.row.source_id for one in verdicts}
        query = select(Module).where(among(Module.source_id, ids))
        modules = list(db.session.scalars(query))
        if modules:
            _fill(modules)


class ModuleVersions(Modules):
    """What a module holds, in each of its versions."""

    parent = "moduleId"


class CourseModules(Keeper):
    """The modules of courses, in their order."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return place and weight of the modules that courses have already."""
        courses = self.references.found("course")
        names = {one: name for name, one in courses.items()}
        query = select(Module).where(Module.course_id.in_(names), Module.source_id.is_not(None))
        self.modules = {
            id_of(names[one.course_id], one.source_id): one for one in db.session.scalars(query)
        }
        said = records_of("course_module", (row.source_id or "" for row in rows))
        known = {
            source_id: {"moduleOrderInCourse": one.position, "optionalCriteria": one.required}
            for source_id, one in self.modules.items()
            if not one.removed
        }
        for source_id, record in said.items():
            if record.values.get("courseModuleType") != CONTENT:
                known[source_id] = dict(record.values)
        return known

    def check(self, row: CatalogueRow, _passed: Any) -> None:
        """Only what counts becomes a module."""
        if row["courseModuleType"] != CONTENT:
            row.note("courseModuleType", "import_module_kept")

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Put modules into their courses. Who has begun goes on by what it took until now."""
        course_ids = self.references.found("course").values()
        courses = db.session.scalars(select(Course).where(Course.id.in_(course_ids))).all()
        fresh = []
        with Requirements(courses):
            for one in verdicts:
                row: Any = one.row
                if row["courseModuleType"] != CONTENT:
                    continue
                module = self.modules.get(row.source_id)
                if module is None:
                    course_id = self.references.id(row, "course")
                    module = Module(course_id=course_id, source_id=row["moduleId"], title="")
                    module.kind, module.content, module.address = ModuleKind.TEXT, "", None
                    fresh.append(module)
                module.position, module.removed = row["moduleOrderInCourse"], False
                module.required = row["optionalCriteria"]
            versions = {
                key: rows[-1]["moduleVersion"]
                for key, rows in rows_by(verdicts, "moduleId").items()
            }
            _fill(fresh, versions)
            insert_all(Module.__table__, [_values(one) for one in fresh])
        keep_records(self.errand, verdicts, "courseId")


def _values(module: Module) -> dict[str, Any]:
    """Return what a module says, so that many go in with one statement."""
    names = ("course_id", "source_id", "title", "position", "removed", "required")
    return {name: getattr(module, name) for name in (*names, "kind", "content", "address")}


def _fill(modules: Sequence[Module], versions: dict[str, str] | None = None) -> None:
    """Give modules the words of their records; without `versions` the newest that is used."""
    ids = {one.source_id or "" for one in modules}
    said = records_of("module", ids)
    query = select(SourceRecord).where(
        SourceRecord.kind == "module_version", among(SourceRecord.parent, ids)
    )
    contents: dict[str, dict[str, str]] = {}
    for record in db.session.scalars(query.order_by(SourceRecord.id)):
        version = record.values.get("moduleVersion")
        if not versions or versions.get(record.parent or "") == version:
            contents[record.parent or ""] = record.values
    for one in modules:
        words = said[one.source_id].values if one.source_id in said else {}
        one.title = words.get("title", one.title) or one.source_id or ""
        one.content = words.get("description", one.content)
        address = contents.get(one.source_id or "", {}).get("contentUrl", "")
        if cell_rules.is_address(address):
            one.kind, one.address = ModuleKind.ADDRESS, address
