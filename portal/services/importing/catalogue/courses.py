"""course.csv."""

from collections.abc import Sequence
from typing import Any

from portal.models import (
    Course,
    Criteria,
    ObjectState,
    Policy,
)
from portal.services.importing import cell_rules
from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.keeping import keep_unused
from portal.services.importing.catalogue.objects import Added, Requirements, objects_of
from portal.services.importing.catalogue.rows import CatalogueRow, Shape
from portal.services.importing.judging import Verdict
from portal.services.importing.source_rows import SourceRow

MOST_MODULES = 200  # as many as an author may make
STATES = {
    "Published": ObjectState.PUBLISHED,
    "Retired": ObjectState.RETIRED,
    "Draft": ObjectState.DRAFT,  # ours
}


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


def web_address(row: SourceRow, column: str, cell: str) -> str:
    """An http(s) address."""
    if cell and not cell_rules.is_address(cell):
        row.error(column, "import_web_address")
    return cells.text(1022)(row, column, cell)


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
        Column("externalUrl", web_address),
    ),
    key=("id",),
    label="courseName",
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
                "externalUrl": one.external_url,
            }
            for source_id, one in self.courses.items()
        }

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Add and change courses. Who has begun one goes on by what it took until now."""
        added = Added(self.errand)
        with Requirements(self.courses.values()):
            for one in verdicts:
                self._bring_in(one.row, added)
            added.write()
        keep_unused(self.errand, verdicts)

    def _bring_in(self, row: Any, added: Added) -> None:
        course = self.courses.get(row.source_id)
        if course is None:
            course = Course(source_id=row.source_id, title=row["courseName"])
            added.add(course, row["author"], row["courseCreationDate"])
        course.title, course.state = row["courseName"], row["state"]
        if "description" in row.given:
            course.description = row["description"]
        if "completionCriteria" in row.given:
            course.criteria, course.needed = row["completionCriteria"]
        if "policy" in row.given:
            course.policy = row["policy"]
        if "content" in row.given:
            course.content = row["content"]
        if "externalUrl" in row.given:
            course.external_url = row["externalUrl"] or None
