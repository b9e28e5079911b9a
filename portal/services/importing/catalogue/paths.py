"""learning_program.csv and learning_program_course.csv: learning paths."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.extensions import db
from portal.models import Kind, LearningObject, LearningPath, PathSection, PathStep
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.courses import STATES
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.keeping import keep_unused
from portal.services.importing.catalogue.objects import Added, Requirements, objects_of
from portal.services.importing.catalogue.rows import CatalogueRow, Shape, id_of
from portal.services.importing.judging import Verdict
from portal.services.importing.passed import Passed

MOST_STEPS = 200
MOST_SECTIONS = 50

LEARNING_PROGRAM = Shape(
    name="learning_program",
    columns=(
        Column("id", cells.identifier, needed=True),
        Column("name", cells.text(510), needed=True),
        Column("overview", cells.text(8190)),
        Column("orderEnforced", cells.flag),
        Column("state", cells.choice(STATES), needed=True),
        Column("dateAdded", cells.moment),
        Column("completionLimit", cells.number(1, MOST_STEPS)),
    ),
    key=("id",),
    label="name",
)


def _one_member(row: CatalogueRow) -> None:
    if (row["courseId"] is None) == (row["memberProgramId"] is None):
        row.error("courseId", "import_one_member")
    elif row["memberProgramId"] == row["learningProgramId"]:
        row.error("memberProgramId", "import_nesting")
    else:
        member = row["courseId"] or row["memberProgramId"]
        row.source_id = id_of(row["learningProgramId"], row["section"] or 1, member)


LEARNING_PROGRAM_COURSE = Shape(
    name="learning_program_course",
    columns=(
        Column("learningProgramId", cells.identifier, needed=True, refers_to="learning_program"),
        Column("courseId", cells.identifier, refers_to="course"),
        # Ours: paths within paths, sections, and the order in them.
        Column("memberProgramId", cells.identifier, refers_to="learning_program"),
        Column("section", cells.number(1, MOST_SECTIONS)),
        Column("sectionTitle", cells.text(255)),
        Column("sectionNeeded", cells.number(1, MOST_STEPS)),
        Column("order", cells.number(0, MOST_STEPS - 1)),
    ),
    key=("learningProgramId",),
    check=_one_member,
)


class Paths(Keeper):
    """Learning paths by the source's id."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what the paths that are there say."""
        self.paths = objects_of(LearningPath, rows)
        return {
            source_id: {
                "name": one.title,
                "overview": one.description,
                "orderEnforced": one.ordered,
                "state": one.state,
                "completionLimit": one.sections[0].needed if len(one.sections) == 1 else None,
            }
            for source_id, one in self.paths.items()
        }

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Add and change paths. Who has begun one goes on by what it took until now."""
        added = Added(self.errand)
        with Requirements(self.paths.values()):
            for one in verdicts:
                row: Any = one.row
                path = self.paths.get(row.source_id)
                if path is None:
                    path = LearningPath(source_id=row.source_id)
                    path.sections.append(PathSection(position=0))
                    added.add(path, made_at=row["dateAdded"])
                self._change(path, row)
            added.write()
        keep_unused(self.errand, verdicts)

    def _change(self, path: LearningPath, row: Any) -> None:
        path.title, path.state = row["name"], row["state"]
        if "overview" in row.given:
            path.description = row["overview"]
        if "orderEnforced" in row.given:
            path.ordered = row["orderEnforced"]
        if "completionLimit" in row.given and len(path.sections) == 1:
            path.sections[0].needed = row["completionLimit"]


class Steps(Keeper):
    """The courses, and paths, that learning paths are made of."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return the steps that are there, with their place."""
        self.of_path = {
            one: name for name, one in self.references.found("learning_program").items()
        }
        query = (
            select(PathStep, PathSection, LearningObject.__table__.c.source_id)
            .join(PathSection, PathSection.id == PathStep.section_id)
            .join(
                LearningObject.__table__,
                LearningObject.__table__.c.id == PathStep.learning_object_id,
            )
            .where(PathSection.learning_path_id.in_(self.of_path))
        )
        self._read_nesting()
        self.steps = {}
        known = {}
        for step, section, member in db.session.execute(query):
            key = id_of(self.of_path[section.learning_path_id], section.position + 1, member)
            self.steps[key] = step
            known[key] = {
                "sectionTitle": section.title,
                "sectionNeeded": section.needed,
                "order": step.position,
            }
        for row in rows:
            kept = known.get(row.source_id or "")
            if kept and row["order"] is None:
                del kept["order"]
        return known

    def check(self, row: CatalogueRow, _passed: Passed) -> None:
        """A path within a path may hold no further path: one level of nesting, and no circle."""
        path, member = row["learningProgramId"], row["memberProgramId"]
        if member is None:
            return
        if member in self.holders or path in self.members:
            row.error("memberProgramId", "import_nesting")
        else:
            self.holders.add(path)
            self.members.add(member)

    def _read_nesting(self) -> None:
        """Which of the paths that rows name hold paths by now, and which are held by one."""
        ids = {one: name for name, one in self.references.found("learning_program").items()}
        query = (
            select(PathSection.learning_path_id, PathStep.learning_object_id)
            .join(PathStep, PathStep.section_id == PathSection.id)
            .join(PathStep.learning_object)
            .where(LearningObject.kind == Kind.LEARNING_PATH)
        )
        either = PathSection.learning_path_id.in_(ids) | PathStep.learning_object_id.in_(ids)
        pairs = db.session.execute(query.where(either)).all()
        self.holders = {ids[path] for path, _member in pairs if path in ids}
        self.members = {ids[member] for _path, member in pairs if member in ids}

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Put the steps into their sections. Who has begun goes on by what it took until now."""
        query = select(LearningPath).where(LearningPath.id.in_(self.of_path))
        query = query.options(selectinload(LearningPath.sections).selectinload(PathSection.steps))
        paths = {one.id: one for one in db.session.scalars(query).unique()}
        with Requirements(paths.values()):
            for one in verdicts:
                row: Any = one.row
                path = paths[self.references.id(row, "learning_program", "learningProgramId")]
                self._put(self._section(path, row), row)
        keep_unused(self.errand, verdicts)

    def _section(self, path: LearningPath, row: Any) -> PathSection:
        place = (row["section"] or 1) - 1
        section = next((one for one in path.sections if one.position == place), None)
        if section is None:
            section = PathSection(position=place)
            path.sections.append(section)
        if "sectionTitle" in row.given:
            section.title = row["sectionTitle"]
        if "sectionNeeded" in row.given:
            section.needed = row["sectionNeeded"]
        return section

    def _put(self, section: PathSection, row: Any) -> None:
        step = self.steps.get(row.source_id)
        if step is None:
            kind, column = "course", "courseId"
            if row["memberProgramId"]:
                kind, column = "learning_program", "memberProgramId"
            member_id = self.references.id(row, kind, column)
            position = len(section.steps) if row["order"] is None else row["order"]
            step = PathStep(learning_object_id=member_id, position=position)
            section.steps.append(step)
        elif row["order"] is not None:
            step.position = row["order"]
