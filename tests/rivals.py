"""Somebody who does something at the same moment, as a transaction of their own, and has to wait.

No moment is guessed: a test goes on when the database says that the other one waits for it.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

import psycopg
from flask import Flask

from portal.extensions import db, somebody_waits_to_write

_WAITING = """SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'"""


class Rival:
    """A deed in a thread of its own. `came_through` is what it returned, or what it raised."""

    def __init__(self, app: Flask, deed: Callable[[], object]) -> None:
        self.came_through: object = None
        self._thread = Thread(target=self._do, args=(app, deed))

    def _do(self, app: Flask, deed: Callable[[], object]) -> None:
        with app.app_context():
            try:
                self.came_through = deed()
            except Exception as trouble:
                self.came_through = trouble
            finally:
                db.session.remove()

    def begin(self) -> None:
        """Begin, and return when it waits for us or is through."""
        self._thread.start()
        while self._thread.is_alive() and not _somebody_waits():
            time.sleep(0.01)

    def end(self) -> object:
        """Wait until it is through; return what it returned or raised."""
        self._thread.join()
        return self.came_through


def _somebody_waits() -> bool:
    if db.engine.dialect.name == "sqlite":
        return somebody_waits_to_write()
    with another_connection() as another:
        return another.execute(_WAITING).fetchone()[0] > 0


@contextmanager
def another_connection() -> Iterator[psycopg.Connection]:
    """Give a connection of its own to the PostgreSQL database of the portal, that commits alone."""
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as another:
        yield another
