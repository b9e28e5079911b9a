"""`flask import`: the exit code says how it went."""

import json

import pytest

from portal.cli.importing import import_file
from portal.extensions import db
from portal.models import Badge
from tests.factories import make_connection
from tests.services.importing.conftest import file_of, row


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


def test_a_connection_is_named(call, app):
    make_connection(app.extensions["means"], name="Harbour")
    assert call(file_of(row(1)), "--connection", "harbour").exit_code == 0
    assert call(file_of(row(1)), "--connection", "nowhere").exit_code == 2
