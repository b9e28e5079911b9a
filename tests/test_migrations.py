"""Schema changes: models and migrations say the same, and every released schema becomes ours."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_migrate import upgrade
from sqlalchemy import Connection

from portal.extensions import db
from portal.factory import ROOT, create_app
from portal.migrating import meet
from tests.rows import count, fill

SCRIPTS = ScriptDirectory(str(ROOT / "portal" / "migrations"))
REVISIONS = [script.revision for script in SCRIPTS.walk_revisions()][::-1]


@pytest.fixture
def blank(tmp_path: Path, nothing_there: str) -> Iterator[None]:
    """A portal whose database has no tables."""
    app = create_app({"DATABASE_URL": nothing_there}, tmp_path)
    meet(app)
    with app.app_context():
        yield
        db.engine.dispose()
    app.extensions["means"].door.close()


def differences(connection: Connection) -> list:
    """What Alembic would write into a new schema change."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, db.metadata)


def test_the_schema_changes_make_what_the_models_say(blank):
    upgrade()
    with db.engine.connect() as connection:
        assert differences(connection) == []


@pytest.mark.parametrize("released", REVISIONS)
def test_a_released_schema_with_rows_becomes_ours(blank, released):
    upgrade(revision=released)
    with db.engine.begin() as connection:
        fill(connection)
        before = count(connection)
    for revision in REVISIONS[REVISIONS.index(released) :]:
        upgrade(revision=revision)
    with db.engine.connect() as connection:
        after = count(connection)
        assert {name: after[name] for name in before if name in after} == before
        assert differences(connection) == []


def test_those_who_were_there_already_are_found_by_their_names(blank):
    upgrade(revision="0021")
    names = "first_name, last_name, email, earner_id, theme, active, created_at"
    row = "'Åsa', 'ÖBERG', 'asa@example.org', 'e', 'system', true, '2026-01-01'"
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO person ({names}) VALUES ({row})")
    upgrade()
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT found_by FROM person").scalar_one()
    assert found == "åsa öberg\nasa@example.org"


def test_a_new_schema_change_says_for_both_databases_which_rows_an_index_holds(blank):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        written = render_python_code(produce_migrations(context, db.metadata).upgrade_ops)
    silent = next(line for line in written.splitlines() if "ix_delivery_silent" in line)
    assert "sqlite_where=sa.text('suppress_mail = 1')" in silent
    assert "postgresql_where=sa.text('suppress_mail')" in silent


def test_there_is_one_line_of_schema_changes():
    assert len(SCRIPTS.get_heads()) == 1
    assert REVISIONS[-1] == SCRIPTS.get_current_head()
