"""Fresh databases for stages: copies of an empty one, on SQLite or on PostgreSQL."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from portal.extensions import db
from portal.factory import create_app
from portal.serving import prepare

SERVER = os.environ.get("TEST_DATABASE_URL", "")


class Blank:
    """An empty portal, its keys beside it, from which stages are copied.

    `server` is the address of a PostgreSQL database whose user may make others; empty for SQLite.
    """

    def __init__(self, folder: Path, server: str = SERVER) -> None:
        self.folder, self.server = folder, server
        self.name = f"faults_{uuid.uuid4().hex[:12]}"
        self._make(self.name)
        app = create_app(self.settings_of(self.name), folder)
        with app.app_context():
            prepare(app)
            db.session.remove()
            db.engine.dispose()
        app.extensions["means"].door.close()

    def copy(self, folder: Path) -> dict[str, str]:
        """Put a copy into `folder`; return the settings that lead to it."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in self.folder.iterdir():
            if file.suffix in {".db", ".key"}:
                shutil.copy(file, folder / file.name)
        name = f"faults_{uuid.uuid4().hex[:12]}"
        self._make(name, self.name)
        return self.settings_of(name)

    @contextmanager
    def nothing_yet(self, folder: Path) -> Iterator[dict[str, str]]:
        """Yield the settings of a database without a single table."""
        folder.mkdir()
        name = f"faults_{uuid.uuid4().hex[:12]}"
        self._make(name)
        settings = self.settings_of(name)
        yield settings
        self.drop(settings)

    def settings_of(self, name: str) -> dict[str, str]:
        """Return the words that lead a portal to the database of this name."""
        if not self.server:
            return {}
        url = make_url(self.server).set(database=name, drivername="postgresql")
        return {"DATABASE_URL": url.render_as_string(hide_password=False)}

    def drop(self, settings: dict[str, str] | None = None) -> None:
        """Take a copy away again, or the empty one itself."""
        if self.server:
            url = settings["DATABASE_URL"] if settings else ""
            name = make_url(url).database if url else self.name
            self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), name or self.name)

    def _make(self, name: str, template: str = "template0") -> None:
        if self.server:
            self._say(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)

    def _say(self, words: sql.SQL, *names: str) -> None:
        plain = make_url(self.server).set(drivername="postgresql")
        with psycopg.connect(
            plain.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            connection.execute(words.format(*map(sql.Identifier, names)))
