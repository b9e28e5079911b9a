"""A whole catalogue in one zip: every file in its turn, and what its history earns."""

import io
import sqlite3

import pytest

from portal.extensions import db
from portal.models import (
    Award,
    Badge,
    Certification,
    Course,
    Enrolment,
    ImportRun,
    ImportState,
    LearningPath,
    Outcome,
    Person,
    ReachedLevel,
    Skill,
    SourceRecord,
)
from portal.services.importing.catalogue import bundles
from portal.services.importing.catalogue.completing import LEARNERS, open_at
from portal.services.importing.catalogue.samples import SAMPLES
from portal.services.importing.kinds import KINDS
from tests.services.importing.conftest import zip_of

PEOPLE = ("email,firstName,lastName", "lena.learner@example.org,Lena,Learner")
BADGES = (
    "id,badgeName,badgeCreationDate,state,imageUrl",
    "B1,Rope worker,2016-10-12T10:12:11.110Z,Active,",
    "B2,Deck hand,2016-10-12T10:12:11.110Z,Active,",
    "B3,Knots,2016-10-12T10:12:11.110Z,Active,",
    "B4,Safety at sea,2016-10-12T10:12:11.110Z,Active,",
)


def text_of(rows) -> bytes:
    """The bytes of a file of these rows."""
    lines = [row if isinstance(row, str) else ",".join(f'"{cell}"' for cell in row) for row in rows]
    return "\r\n".join([*lines, ""]).encode()


def files(**changed):
    """The sample catalogue with a badge on everything; `changed` files, None to leave one out."""
    rows = {"people": PEOPLE, "badge": BADGES, **SAMPLES}
    rows["skill_level"] = (SAMPLES["skill_level"][0], ("S1", "1", "10", "B1"))
    rows["learning_program_instance"] = (
        SAMPLES["learning_program_instance"][0],
        (*SAMPLES["learning_program_instance"][1][:-1], "B2"),
    )
    rows["course_instance"] = (
        SAMPLES["course_instance"][0],
        (*SAMPLES["course_instance"][1][:-1], "B3"),
    )
    rows["certification"] = (
        (*SAMPLES["certification"][0], "badgeId"),
        (*SAMPLES["certification"][1], "B4"),
    )
    rows |= changed
    named = {kind.name: kind.file_name for kind in bundles.ORDER} | {"badge": "badge.csv"}
    return zip_of(*((f"x/{named[name]}", text_of(row)) for name, row in rows.items() if row))


@pytest.fixture
def bring(desk):
    """Upload a zip, look at its preview, and start it."""

    def brought(content: bytes, *, start: bool = True, issues: bool = False):
        catalogue = bundles.upload(
            actor=None,
            stream=io.BytesIO(content),
            file_name="catalogue.zip",
            means=desk.means,
            now=desk.now,
        )
        desk.work()
        catalogue = bundles.get(catalogue.id)
        if start:
            bundles.start(actor=None, catalogue=catalogue, issues=issues, now=desk.now)
            desk.work()
            catalogue = bundles.get(catalogue.id)
        return catalogue

    return brought


def one(model):
    return db.session.scalars(db.select(model)).one()


def counted(catalogue):
    return {run.kind: (run.new, run.changed, run.unchanged, run.failed) for run in catalogue.runs}


def awards():
    query = db.select(Badge.own_name, Award.not_sent_because, Award.earned_at).join(Award.badge)
    return {name: (why, at.isoformat()[:10]) for name, why, at in db.session.execute(query)}


def test_the_preview_changes_nothing_and_finds_what_other_files_bring(bring):
    catalogue = bring(files(), start=False)
    assert catalogue.state is ImportState.READY
    assert all(run.failed == 0 for run in catalogue.runs), counted(catalogue)
    assert db.session.scalars(db.select(Course)).all() == []
    assert bundles.history_of(catalogue) == bundles.History(modules=2, courses=1, learners=1)


def test_the_sample_catalogue_comes_in_whole(bring):
    catalogue = bring(files())
    assert catalogue.state is ImportState.DONE
    assert all(run.failed == 0 for run in catalogue.runs), counted(catalogue)
    course = one(Course)
    assert (course.title, course.badge.own_name) == ("Knots for beginners", "Knots")
    assert [module.title for module in course.modules] == ["The bowline", "Further reading"]
    assert one(LearningPath).badge.own_name == "Deck hand"
    assert one(Certification).validity_months == 12
    assert one(Skill).levels[0].badge.own_name == "Rope worker"


def test_history_awards_with_its_dates_and_sends_nothing(bring):
    bring(files())
    day = "2025-03-14"
    assert awards() == dict.fromkeys(
        ("Knots", "Deck hand", "Safety at sea", "Rope worker"), ("history", day)
    )
    states = {
        (e.learning_object.title, e.success) for e in db.session.scalars(db.select(Enrolment))
    }
    assert states == {("Knots for beginners", True), ("Deck hand", True), ("Safety at sea", True)}
    assert one(ReachedLevel).reached_at.isoformat()[:10] == day


def test_history_is_sent_where_somebody_wants_it(bring):
    bring(files(), issues=True)
    assert {why for why, _day in awards().values()} == {None}


def test_the_same_catalogue_again_changes_nothing(bring):
    bring(files())
    again = bring(files())
    assert {name: count[:2] for name, count in counted(again).items()} == dict.fromkeys(
        counted(again), (0, 0)
    )
    assert db.session.scalar(db.select(db.func.count(Award.id))) == 4


def test_a_row_that_names_what_is_nowhere_stays_out_with_its_reason(bring, desk):
    catalogue = bring(
        files(course_module=(*SAMPLES["course_module"], ("C9", "M1", "1", "CONTENT", "0")))
    )
    run = next(run for run in catalogue.runs if run.kind == "course_module")
    assert (run.new, run.failed) == (2, 1)
    (row,) = [row for row in desk.rows(run).values() if row.outcome is Outcome.ERROR]
    assert (row.line, row.remarks[0]["column"], row.remarks[0]["code"]) == (
        4,
        "courseId",
        "import_reference",
    )


def test_a_module_without_success_earns_nothing(bring):
    header, first, second = SAMPLES["user_course_grade"]
    bring(files(user_course_grade=(header, first, (*second[:7], "FALSE", ""))))
    assert set(awards()) == {"Rope worker"}  # by user_skill.csv itself
    query = db.select(Enrolment.success).join(Course, Course.id == Enrolment.learning_object_id)
    assert db.session.scalars(query).all() == [False]


def test_no_statement_takes_more_values_than_a_database_does(app):
    if db.engine.dialect.name == "sqlite":  # some take more than others
        driver = db.session.connection().connection.driver_connection
        driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 32_766)
    pairs = {(learner, course) for learner in range(LEARNERS) for course in range(200)}
    assert open_at(pairs) == []


def test_files_come_in_whatever_is_left_out(bring):
    bring(files(user_course_grade=None, user_skill=None))
    assert awards() == {}
    bring(files(people=None, badge=None, skill=None, course=None))
    assert set(awards()) == {"Knots", "Deck hand", "Safety at sea", "Rope worker"}
    assert one(Person).email == "lena.learner@example.org"


def test_cells_that_have_no_place_here_are_named_and_kept(bring):
    catalogue = bring(files())
    run = next(run for run in catalogue.runs if run.kind == "certification")
    assert run.ignored == ["daysToComplete"]
    kept = db.session.scalars(db.select(SourceRecord).filter_by(kind="certification")).one()
    assert kept.values == {"daysToComplete": "90"}


def test_every_kind_fits_where_a_run_keeps_it():
    most = ImportRun.__table__.c.kind.type.length
    assert [name for name in KINDS if len(name) > most] == []
