"""Databases of our own on the PostgreSQL server of TEST_DATABASE_URL; without it all is SQLite."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from portal.extensions import db
from portal.factory import create_app
from portal.schema import upgrade_schema

SERVER = os.environ.get("TEST_DATABASE_URL", "")
NEEDS_POSTGRESQL = "needs PostgreSQL: python -m tests.postgres start, then set TEST_DATABASE_URL"


@contextmanager
def fresh_database() -> Iterator[str]:
    """Make a database without tables on the server; yield its address, drop it."""
    name = f"rosette_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def empty(address: str) -> None:
    """Delete every row and let the numbers begin at 1 again: twenty times quicker than a copy."""
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    numbers = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"
    with psycopg.connect(address) as connection:
        connection.execute("SET lock_timeout = '20s'")  # somebody's open transaction: say so
        # The audit refuses to lose a row, to everybody but a test that begins anew.
        connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        connection.execute("".join(f'DELETE FROM "{name}";' for name in tables) + numbers)
        connection.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")


def make_schema(env: dict[str, str], folder: Path) -> None:
    """Bring an empty database to the newest schema, and let go of it."""
    app = create_app(env, folder)
    with app.app_context():
        upgrade_schema(folder)
        db.engine.dispose()
    app.extensions["means"].door.close()
