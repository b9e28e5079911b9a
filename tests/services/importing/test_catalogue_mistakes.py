"""A mistake in every kind of file of a catalogue: its row fails with line, column and reason.

And a catalogue that is uploaded where only badge.csv goes.
"""

import pytest

from portal.extensions import db
from portal.messages import from_stored
from portal.models import LearningObject, Outcome, Skill
from portal.services.importing.catalogue import bundles
from portal.services.importing.catalogue.samples import SAMPLES
from tests.services.importing.conftest import badge_of, drawn, file_of, row, zip_of
from tests.services.importing.test_catalogue import bring, files

__all__ = ["bring"]
# File, the column with the mistake, what stands there, what is said.
MISTAKES = (
    ("skill", "state", "gone", "import_choice"),
    ("skill", "skillName", "", "import_cell_missing"),
    ("skill_level", "maxCredits", "0", "import_number"),
    ("skill_level", "skillId", "S9", "import_reference"),
    ("skill_level", "badgeId", "B9", "import_reference"),
    ("module", "title", "x" * 256, "import_cell_too_long"),
    ("module_version", "moduleId", "M9", "import_reference"),
    ("course", "courseName", "", "import_cell_missing"),
    ("course", "courseCreationDate", "yesterday", "import_date"),
    ("course", "courseCreationDate", "1970-01-01T00:00:00.000Z", "import_date_range"),
    ("course_instance", "courseId", "C9", "import_reference"),
    ("course_instance", "badgeId", "B9", "import_reference"),
    ("course_module", "moduleVersion", "7", "import_reference"),
    ("course_module", "moduleOrderInCourse", "first", "import_number"),
    ("course_module", "courseModuleType", "EXAM", "import_choice"),
    ("skill_course", "levelId", "2", "import_reference"),
    ("skill_course", "credits", "-1", "import_number"),
    ("learning_program", "orderEnforced", "perhaps", "import_choice"),
    ("learning_program", "completionLimit", "0", "import_number"),
    ("learning_program_course", "courseId", "C9", "import_reference"),
    ("learning_program_course", "courseId", "", "import_one_member"),
    ("learning_program_instance", "state", "Open", "import_choice"),
    ("instance_pair", "courseId", "C9", "import_reference"),
    ("certification", "validity", "241", "import_number"),
    ("certification_course", "order", "", "import_cell_missing"),
    ("certification_commit", "certificationId", "Z9", "import_reference"),
    ("enrollment", "userId", "nobody@example.org", "import_reference"),
    ("enrollment", "dateEnrolled", "", "import_cell_missing"),
    ("learning_program_enrollment", "learningProgramId", "P9", "import_reference"),
    ("certification_enrollment", "userId", "no address", "email_not_usable"),
    ("user_course_grade", "moduleId", "M9", "import_reference"),
    ("user_course_grade", "started", "FALSE", "import_grade_not_started"),
    ("user_course_grade", "completionDate", "", "import_cell_missing"),
    ("user_skill", "levelId", "4", "import_number"),
    ("user_skill", "achieved", "maybe", "import_choice"),
)


def test_every_kind_of_file_has_a_mistake_here():
    named = {name for name, *_rest in MISTAKES}
    assert named == {kind.name for kind in bundles.CATALOGUE}


def spoilt(name, column, cell):
    """The sample catalogue with this cell in the first row of this file."""
    header, first, *rest = files_of(name)
    cells = list(first)
    if column in header:
        cells[header.index(column)] = cell
    else:
        header, cells = (*header, column), [*cells, cell]
        rest = [(*row, "") for row in rest]
    return {name: (header, cells, *rest)}


def files_of(name):
    """The rows of a file of the sample."""
    return SAMPLES[name]


def test_each_mistake_is_told_by_line_column_and_reason(bring, desk, subtests):
    for name, column, cell, code in MISTAKES:
        with subtests.test(f"{name}.{column}: {cell[:20]}"):
            catalogue = bring(files(**spoilt(name, column, cell)), start=False)
            run = next(run for run in catalogue.runs if run.kind == name)
            bad = [row for row in desk.rows(run).values() if row.outcome is Outcome.ERROR]
            assert [row.line for row in bad] == [2]
            assert (column, code) in [(one["column"], one["code"]) for one in bad[0].remarks]
            bundles.cancel(actor=None, catalogue=catalogue, now=desk.now)


@pytest.mark.parametrize("name", ["course", "skill"])
def test_what_leans_on_a_bad_row_fails_too_and_nothing_else(bring, name):
    catalogue = bring(files(**spoilt(name, "state", "gone")))
    failed = {run.kind for run in catalogue.runs if run.failed}
    assert name in failed
    assert "people" not in failed
    table = LearningObject if name == "course" else Skill
    ids = db.session.scalars(db.select(table.source_id)).all()
    assert ("C1" if name == "course" else "S1") not in ids


def unread(run) -> list[str]:
    said = [from_stored(one) for one in run.notes]
    return [one.values["files"] for one in said if one.code == "import_zip_unread"]


def test_the_files_beside_badge_csv_are_named_and_not_read(desk):
    good = ("badge.csv", file_of(row(1, image="my knot.png")))
    more = [(f"{name}.csv", b"id\r\n") for name in ("course", "skill", "a", "b", "c", "d")]
    picture = ("my knot.png", drawn())
    run = desk.bring(zip_of(good, picture, more[0], ("__MACOSX/._badge.csv", b"")))
    assert unread(run) == ["course.csv"]
    assert badge_of("1").picture
    run = desk.preview(zip_of((f"all/{good[0]}", good[1]), picture, *more))
    assert unread(run) == ["course.csv, skill.csv, a.csv, b.csv, c.csv …"]
    assert unread(desk.preview(zip_of(good, picture))) == []
