"""course.csv, module.csv, module_version.csv, course_module.csv and course_instance.csv."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import (
    Course,
    Criteria,
    Module,
    ModuleKind,
    ObjectState,
    Policy,
    SourceRecord,
)
from portal.services.importing import cell_rules
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.judging import Keeper, rows_by
from portal.services.importing.catalogue.keeping import keep_records, keep_unused, records_of
from portal.services.importing.catalogue.objects import Requirements, add_object, objects_of
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict
from portal.services.importing.source_rows import SourceRow

MOST_MODULES = 200  # as many as an author may make
TITLE = 255
STATES = {"Published": ObjectState.PUBLISHED, "Retired": ObjectState.RETIRED}
CONTENT = "CONTENT"
USES = {one: one for one in ("PREWORK", "TESTOUT", CONTENT)}


def criteria(row: SourceRow, column: str, cell: str) -> tuple[Criteria, int | None]:
    """ALL, SELECTEDMODULES, or how many modules it takes."""
    if not cell or cell.casefold() == "all":
        return Criteria.ALL, None
    if cell.casefold() == "selectedmodules":
        return Criteria.CHOSEN, None
    if cell.isascii() and cell.isdigit() and len(cell) <= 3 and 0 < int(cell) <= MOST_MODULES:
        return Criteria.SOME, int(cell)
    row.error(column, "import_criteria", most=MOST_MODULES)
    return Criteria.ALL, None


COURSE = Shape(
    name="course",
    columns=(
        Column("id", cells.identifier, needed=True),
        Column("courseName", cells.text(510), needed=True),
        Column("description", cells.text(8190)),
        Column("courseCreationDate", cells.moment),
        Column("state", cells.choice(STATES), needed=True),
        Column("author", cells.text(255)),
        Column("completionCriteria", criteria),
        # Ours: who says that it is completed, and what its page shows.
        Column("policy", cells.choice({one.value: one for one in Policy}, Policy.LEARNER)),
        Column("content", cells.text(8190)),
    ),
    key=("id",),
    label="courseName",
)
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


class Courses(Keeper):
    """Courses by the source's id."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what the courses that are there say."""
        self.courses = objects_of(Course, rows)
        return {
            source_id: {
                "courseName": one.title,
                "description": one.description,
                "state": one.state,
                "completionCriteria": (one.criteria, one.needed),
                "policy": one.policy,
                "content": one.content,
            }
            for source_id, one in self.courses.items()
        }

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Add and change courses. Who has begun one goes on by what it took until now."""
        with Requirements(self.courses.values()):
            for one in verdicts:
                self._bring_in(one.row)
        keep_unused(self.errand, verdicts)

    def _bring_in(self, row: Any) -> None:
        course = self.courses.get(row.source_id)
        if course is None:
            course = Course(source_id=row.source_id, title=row["courseName"])
            add_object(self.errand, course, row["author"], row["courseCreationDate"])
        course.title, course.state = row["courseName"], row["state"]
        if "description" in row.given:
            course.description = row["description"]
        if "completionCriteria" in row.given:
            course.criteria, course.needed = row["completionCriteria"]
        if "policy" in row.given:
            course.policy = row["policy"]
        if "content" in row.given:
            course.content = row["content"]


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
        query = select(Module).where(Module.source_id.in_(ids))
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
                    db.session.add(module)
                    fresh.append(module)
                module.position, module.removed = row["moduleOrderInCourse"], False
                module.required = row["optionalCriteria"]
            versions = {
                key: rows[-1]["moduleVersion"]
                for key, rows in rows_by(verdicts, "moduleId").items()
            }
            _fill(fresh, versions)
        keep_records(self.errand, verdicts, "courseId")


def _fill(modules: Sequence[Module], versions: dict[str, str] | None = None) -> None:
    """Give modules the words of their records; without `versions` the newest that is used."""
    ids = {one.source_id or "" for one in modules}
    said = records_of("module", ids)
    query = select(SourceRecord).where(
        SourceRecord.kind == "module_version", SourceRecord.parent.in_(ids)
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
