"""`flask move-database`: every row arrives, or nothing has happened."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, make_url

from portal.cli.moving import move_database
from portal.extensions import db
from portal.models import Connection
from tests.databases import SERVER
from tests.factories import make_connection, make_person
from tests.portals import many_portals
from tests.rows import MANY, everything, fill

# A database that takes every mail but the first, and says nothing of it.
LOSES_A_MAIL = """
CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE FUNCTION lie_in_wait() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = 'public.mail') THEN
    CREATE TRIGGER lose BEFORE INSERT ON mail FOR EACH ROW WHEN (NEW.id = 1)
      EXECUTE FUNCTION lose();
  END IF;
END $$;
CREATE EVENT TRIGGER lie_in_wait ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
  EXECUTE FUNCTION lie_in_wait();
"""
needs_postgresql = pytest.mark.skipif(not SERVER, reason="needs PostgreSQL: TEST_DATABASE_URL")


@pytest.fixture
def old(portal_at) -> Flask:
    """A portal on SQLite with rows in every table."""
    app = portal_at({})
    with db.engine.begin() as connection:
        fill(connection)
    return app


@pytest.fixture
def portal_at(tmp_path: Path, empty_database: Path) -> Iterator:
    """Builds portals of one instance folder, on the database that is named; the last is current."""
    for path in empty_database.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with many_portals() as build:
        yield lambda words: build(words, tmp_path)


def move(app: Flask, address: str):
    return app.test_cli_runner().invoke(move_database, ["--to", address])


def held_at(address: str) -> dict[str, list[tuple]]:
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        held = everything(connection)
    engine.dispose()
    return held


def test_every_row_of_every_table_arrives_as_it_was(old, nothing_there):
    with db.engine.connect() as connection:
        before = everything(connection)
    answer = move(old, nothing_there)
    assert answer.exit_code == 0, answer.output
    assert held_at(nothing_there) == before
    assert all(len(rows) == MANY for rows in before.values())
    assert answer.output.splitlines()[-2].split() == ["all", str(MANY * len(before))]


def test_the_portal_goes_on_at_the_new_place(portal_at, nothing_there):
    old = portal_at({})
    make_connection(old.extensions["means"], name="Harbour")
    first = make_person("Ada Admin", roles={"admin"})
    assert move(old, nothing_there).exit_code == 0
    new = portal_at({"DATABASE_URL": nothing_there})
    kept = db.session.scalars(db.select(Connection)).one()
    sealer = new.extensions["means"].sealer
    assert sealer.open(kept.sealed_token, kept.seal_owner).startswith("a-token")
    assert make_person("Otto Author", roles={"author"}).id == first.id + 1


def test_a_database_with_something_in_it_is_refused(old, nothing_there):
    assert move(old, nothing_there).exit_code == 0
    again = move(old, nothing_there)
    assert (again.exit_code, "is not empty" in again.stderr) == (2, True)


def test_a_portal_that_is_in_use_is_not_moved(old, nothing_there, tmp_path):
    user = sqlite3.connect(tmp_path / "portal.db")
    user.execute("SELECT count(*) FROM person").fetchone()
    answer = move(old, nothing_there)
    user.close()
    assert (answer.exit_code, "stop the portal" in answer.stderr) == (2, True)


@needs_postgresql
@pytest.mark.parametrize("nothing_there", ["PostgreSQL"], indirect=True)
def test_nothing_is_there_when_one_row_does_not_fit(old, nothing_there):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET first_name = printf('%.500c', 'x')")
    answer = move(old, nothing_there)
    assert (answer.exit_code, "table person" in answer.stderr) == (2, True)
    engine = create_engine(make_url(nothing_there).set(drivername="postgresql+psycopg"))
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@needs_postgresql
@pytest.mark.parametrize("nothing_there", ["PostgreSQL"], indirect=True)
def test_a_table_that_does_not_arrive_whole_is_named_and_nothing_is_there(old, nothing_there):
    with psycopg.connect(nothing_there, autocommit=True) as there:
        there.execute(LOSES_A_MAIL)
    answer = move(old, nothing_there)
    assert (answer.exit_code, "Table mail did not arrive whole" in answer.stderr) == (2, True)
    with psycopg.connect(nothing_there) as there:
        tables = there.execute("SELECT * FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchall() == []


@pytest.mark.parametrize("address", ["oracle://x/y", "sqlite://", "nonsense"])
def test_an_address_that_cannot_be_is_refused(old, address):
    answer = move(old, address)
    assert (answer.exit_code, answer.stderr.startswith("--to")) == (2, True)


def test_an_older_schema_is_not_moved(old, nothing_there):
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'later'")
    answer = move(old, nothing_there)
    assert (answer.exit_code, "newer than this code" in answer.stderr) == (2, True)
