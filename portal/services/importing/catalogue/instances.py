"""course_instance.csv and those of learning programs: they fold into their learning object.

The default instance is the first active one; its badge becomes the badge of the object.
"""

from collections.abc import Sequence
from typing import Any

from portal.services.importing.catalogue import cells
from portal.services.importing.catalogue.cells import Column
from portal.services.importing.catalogue.judging import Keeper
from portal.services.importing.catalogue.keeping import (
    follow_default_instances,
    keep_records,
    records_of,
)
from portal.services.importing.catalogue.rows import CatalogueRow, Shape
from portal.services.importing.judging import Verdict
from portal.services.importing.passed import Passed

ACTIVE = "active"
STATES = {"Active": ACTIVE, "Retired": "retired"}


def _shape(name: str, of_kind: str, parent: str, own: str) -> Shape:
    return Shape(
        name=name,
        columns=(
            Column(parent, cells.identifier, needed=True, refers_to=of_kind),
            Column(own, cells.identifier, needed=True),
            Column("name", cells.text(510)),
            Column("state", cells.choice(STATES), needed=True),
            Column("badgeId", cells.identifier, refers_to="badges"),
        ),
        key=(parent, own),
        label="name",
    )


COURSE_INSTANCE = _shape("course_instance", "course", "courseId", "instanceId")
# The specification says `id`, the published sample `instanceId`; the sample is right.
PROGRAM_INSTANCE = _shape(
    "learning_program_instance", "learning_program", "learningProgramId", "instanceId"
)
INSTANCES_COURSES = Shape(
    name="instance_pair",
    file="learning_program_instance_course_instance.csv",
    columns=(
        Column("learningProgramId", cells.identifier, needed=True, refers_to="learning_program"),
        Column("learningProgramInstanceId", cells.identifier, needed=True),
        Column("courseId", cells.identifier, needed=True, refers_to="course"),
        Column("courseInstanceId", cells.identifier, needed=True),
    ),
    key=("learningProgramId", "learningProgramInstanceId", "courseId", "courseInstanceId"),
)


class Instances(Keeper):
    """Instances of one kind of learning object."""

    parent: str
    exclusive = True

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what was said of them earlier."""
        found = records_of(self.errand.run.kind, (row.source_id or "" for row in rows))
        columns = ("name", "state", "badgeId")
        return {
            source_id: {name: one.values.get(name) for name in columns}
            for source_id, one in found.items()
        }

    def holds(self, row: CatalogueRow) -> str | None:
        """An active instance may be its object's default one."""
        return row.values.get(self.parent) if row.values.get("state") == ACTIVE else None

    def check(self, row: CatalogueRow, passed: Passed) -> None:
        """Say so where the badge of an instance counts for nothing."""
        parent = row[self.parent]
        if row["badgeId"] and passed.taker_of(parent, row.source_id or ""):
            row.note("badgeId", "import_not_default_instance")

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Keep the instances, and give their objects the badge of the default one."""
        keep_records(self.errand, verdicts, self.parent)
        parents = {one.row.values[self.parent] for one in verdicts}
        follow_default_instances(self.errand.run.kind, parents)


class CourseInstances(Instances):
    """Instances of courses."""

    parent = "courseId"


class ProgramInstances(Instances):
    """Instances of learning programs."""

    parent = "learningProgramId"


class Pairs(Keeper):
    """Which instance of a course an instance of a program uses: kept, and used for nothing."""

    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return the pairs that were kept."""
        found = records_of(self.errand.run.kind, (row.source_id or "" for row in rows))
        return {source_id: {} for source_id in found}

    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Keep the pairs."""
        keep_records(self.errand, verdicts, "learningProgramId")
