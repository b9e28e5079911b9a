"""`flask import`: the exit code says how it went."""

import json

import pytest

from portal.cli.exporting import export_file
from portal.cli.importing import import_file
from portal.clock import utc_now
from portal.extensions import db
from portal.models import Badge, Course, Person
from portal.services.importing import samples
from tests.factories import make_connection
from tests.services.importing.conftest import file_of, row, zip_of


@pytest.fixture
def call(app, tmp_path):
    """Run the command on a file with this content."""

    def run(content: bytes, *more: str, name: str = "badge.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return app.test_cli_runner().invoke(import_file, [str(path), *more])

    return run


def test_a_good_file_ends_with_0(call):
    answer = call(file_of(row(1), row(2)))
    assert answer.exit_code == 0, answer.output
    assert "new: 2" in answer.output
    assert len(db.session.scalars(db.select(Badge)).all()) == 2


def test_bad_rows_end_with_1_and_are_told_by_line_and_column(call):
    answer = call(file_of(row(1), row(2, state="x")))
    assert answer.exit_code == 1
    assert "line 3, state: The state must be Active or Retired." in answer.output


@pytest.mark.parametrize(("content", "name"), [(b"", "badge.csv"), (b"x", "badge.txt")])
def test_a_refused_file_ends_with_2(call, content, name):
    assert call(content, name=name).exit_code == 2


def test_a_preview_changes_nothing(call):
    assert call(file_of(row(1)), "--preview").exit_code == 0
    assert db.session.scalars(db.select(Badge)).all() == []


def test_json_holds_counts_and_errors(call):
    told = json.loads(call(file_of(row(1, state="x")), "--json").output)
    assert (told["state"], told["rows"], told["failed"]) == ("done", 1, 1)
    assert told["errors"][0]["line"] == 2


def test_a_refused_file_is_json_as_well(call):
    answer = call(b"x", "--json", name="badge.txt")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["state"] == "refused"


def test_the_columns_say_what_kind_of_file_it_is(call, ada):
    answer = call(b"email;firstName;lastName\r\nlena@x.org;Lena;Learner\r\n", name="new.csv")
    assert answer.exit_code == 0, answer.output
    assert db.session.scalar(db.select(Person).filter_by(email="lena@x.org"))
    assert "Missing columns: lastName" in call(b"email,firstName\r\n", name="people.csv").output
    assert "Missing columns: badgeName" in call(b"id,state\r\n", name="new.csv").output


def test_a_terminal_is_told_how_far_it_is_and_a_file_is_not(call):
    assert "rows" not in call(file_of(row(1))).stderr


@pytest.mark.parametrize(
    ("what", "name"), [("badges", "b.csv"), ("badges", "b.zip"), ("people", "p.csv")]
)
def test_what_is_exported_is_imported_again_unchanged(call, app, ada, tmp_path, what, name):
    picture = samples.content_of(ada, "badge.zip", utc_now())
    assert call(picture, name="badge.zip").exit_code == 0
    place, runner = tmp_path / name, app.test_cli_runner()
    answer = runner.invoke(export_file, [what, str(place)])
    assert answer.exit_code == 0, answer.output
    assert place.stat().st_mode & 0o777 == 0o600
    assert runner.invoke(export_file, [what, str(place)]).exit_code == 2
    assert runner.invoke(export_file, [what, str(place), "--replace"]).exit_code == 0
    told = json.loads(call(place.read_bytes(), "--json", name=name).stdout)
    assert (told["kind"], told["unchanged"]) == (what, told["rows"]), told
    assert told["rows"] == (3 if what == "badges" else 1)


def test_an_export_may_go_to_the_console(app, ada):
    answer = app.test_cli_runner().invoke(export_file, ["people", "-"])
    assert answer.output.splitlines()[1].startswith('"ada.')


def test_a_connection_is_named(call, app):
    make_connection(app.extensions["means"], name="Harbour")
    assert call(file_of(row(1)), "--connection", "harbour").exit_code == 0
    assert call(file_of(row(1)), "--connection", "nowhere").exit_code == 2


def test_a_zipped_catalogue_goes_in_and_out(call, app, tmp_path):
    answer = call(samples.catalogue(utc_now()), name="catalogue.zip")
    assert answer.exit_code == 0, answer.output
    assert db.session.scalars(db.select(Course.title)).all() == ["Knots for beginners"]
    place = tmp_path / "out"
    assert app.test_cli_runner().invoke(export_file, [str(place)]).exit_code == 0
    assert "Knots for beginners" in (place / "course.csv").read_text()
    assert (place / "user_course_grade.csv").stat().st_mode & 0o777 == 0o600
    again = app.test_cli_runner().invoke(export_file, [str(place)])
    assert again.exit_code == 2
    assert "not empty" in again.output


def test_files_that_no_catalogue_has_are_named(call):
    course = ("course.csv", b"id,courseName,state\n1,Knots,Published\n")
    answer = call(zip_of(course, ("labels.csv", b"a,b\n1,2\n")), name="c.zip")
    assert answer.exit_code == 0
    assert "The portal has no use for these files: labels.csv." in answer.output


def test_bad_rows_of_a_catalogue_end_with_1_and_a_preview_changes_nothing(call):
    content = zip_of(("course.csv", b"id,courseName,state\n1,Knots,Published\n2,Ropes,gone\n"))
    assert call(content, "--preview", name="c.zip").exit_code == 1
    assert db.session.scalars(db.select(Course)).all() == []
    told = json.loads(call(content, "--json", name="c.zip").output)
    assert [(one["new"], one["failed"]) for one in told["files"]] == [(1, 1)]
    assert told["files"][0]["errors"][0] == {
        "line": 3,
        "column": "state",
        "error": "This must be one of: Published, Retired, Draft.",
    }
