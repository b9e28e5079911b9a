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
def fresh_database(template: str = "template0") -> Iterator[str]:
    """Make a database on the server, a copy of another one's; yield its address, drop it."""
    name = f"rosette_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield address_of(name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def address_of(name: str) -> str:
    """Return the address of one database on the server."""
    return make_url(SERVER).set(database=name).render_as_string(hide_password=False)


def name_of(address: str) -> str:
    """Return the name of the database in an address."""
    return make_url(address).database or ""


def make_schema(env: dict[str, str], folder: Path) -> None:
    """Bring an empty database to the newest schema, and let go of it."""
    app = create_app(env, folder)
    with app.app_context():
        upgrade_schema(folder)
        db.engine.dispose()
    app.extensions["means"].door.close()
