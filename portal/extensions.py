"""The extensions, created bare and met by the app in factory.py; how SQLite begins."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, Pool, PoolProxiedConnection, event
from sqlalchemy.dialects import registry
from sqlalchemy.exc import InvalidatePoolError

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Objects keep their values after a commit: services read what they wrote without asking again,
# and a state that others may change is only ever moved by a guarded UPDATE.
db = SQLAlchemy(
    metadata=MetaData(naming_convention=NAMES),
    session_options={"expire_on_commit": False},
)
# Loaded when an address says so.
registry.register("sqlite", "portal.sqlite", "Dialect")
registry.register("sqlite.pysqlite", "portal.sqlite", "Dialect")
csrf = CSRFProtect()
login = LoginManager()
babel = Babel()

BUSY_TIMEOUT = 10.0  # seconds
LONGEST_REST = 1.0  # seconds
_reading: ContextVar[bool] = ContextVar("reading", default=False)
_patience: ContextVar[float] = ContextVar("patience", default=BUSY_TIMEOUT)
_waiting: list[threading.Lock] = []  # an entry for each thread that waits for its turn


def set_reading(value: bool) -> None:
    """Say whether what follows only reads. A GET does: it must not wait for SQLite's one writer."""
    _reading.set(value)


@contextmanager
def reading(value: bool = True) -> Iterator[None]:
    """Begin the transactions inside as readers (or, with False, as writers)."""
    token = _reading.set(value)
    try:
        yield
    finally:
        _reading.reset(token)


def commit_by_itself() -> None:
    """Let PostgreSQL commit the next statement by itself, which is a transaction of its own then.

    BEGIN and COMMIT would each be a way there and back. `commit` ends it as ever. For SQLite, where
    they cost nothing, and inside a transaction nothing changes.
    """
    if db.engine.dialect.name == "postgresql" and not db.session().in_transaction():
        db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def plain() -> Connection:
    """Return the connection of the session's transaction, for statements over plain tables.

    What the session holds is written first. To send a statement through the session takes half as
    long again, each time.
    """
    db.session.flush()
    return db.session.connection()


def end_looking() -> None:
    """End a transaction that only read.

    With COMMIT: psycopg forgets all that it prepared on a connection that rolls back, and to parse
    and plan the statement of a delivery takes PostgreSQL longer than to run it.
    """
    db.session.commit()


@contextmanager
def hardly_waiting() -> Iterator[None]:
    """Write inside only if SQLite's writer is free now: for what may as well be left out."""
    token = _patience.set(0.0)
    try:
        yield
    finally:
        _patience.reset(token)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection, _record) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver must not begin transactions behind our back
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        f"busy_timeout={BUSY_TIMEOUT * 1000:.0f}",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",  # what was erased is overwritten, not only forgotten
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # SQLite's own knows A to Z alone: a search for "ört" would not find Örtagård.
    connection.create_function("lower", 1, _lower, deterministic=True)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


@event.listens_for(Pool, "checkout")
def _look_whether_alive(connection, record, _holder) -> None:
    """Ask a connection to a server that rested whether it still stands; else another is made.

    A server that was restarted costs nobody an error page, and who works on end asks nothing.
    """
    rested_since = record.info.get("rested_since")
    if rested_since is None or time.monotonic() - rested_since < LONGEST_REST:
        return
    try:
        connection.execute("SELECT 1")
        connection.commit()
    except Exception as gone:  # the driver is loaded only where it is used
        raise InvalidatePoolError from gone


@event.listens_for(Pool, "checkin")
def _let_rest(connection, record) -> None:
    if connection is not None and not isinstance(connection, sqlite3.Connection):
        record.info["rested_since"] = time.monotonic()


def begin_on_sqlite(connection: PoolProxiedConnection, turn: threading.Lock) -> None:
    """Begin a transaction as a reader or a writer; of writers one at a time has the `turn`."""
    driver = connection.driver_connection
    if _reading.get():
        driver.execute("BEGIN")
        return
    # A deferred BEGIN that writes later fails with "database is locked" as soon as two do it.
    _queue_for_writing(connection.record_info, turn)
    if _patience.get() == BUSY_TIMEOUT:
        driver.execute("BEGIN IMMEDIATE")
        return
    _let_sqlite_wait(driver, _patience.get())
    try:
        driver.execute("BEGIN IMMEDIATE")
    finally:
        # The connection goes back to the pool, for those who must wait.
        _let_sqlite_wait(driver, BUSY_TIMEOUT)


def _let_sqlite_wait(driver: sqlite3.Connection, seconds: float) -> None:
    driver.execute(f"PRAGMA busy_timeout={seconds * 1000:.0f}")


def _queue_for_writing(record: dict[str, Any] | None, turn: threading.Lock) -> None:
    """Wait for the other writers of this process, for as long as SQLite would wait.

    SQLite waits by sleeping longer and longer between looks; threads here hand over at once. It
    only saves time: whoever waits in vain leaves it to SQLite, which guards the file.
    """
    if record is None or "turn" in record:
        return
    if turn.acquire(blocking=False):
        record["turn"] = turn
        return
    _waiting.append(turn)
    try:
        if turn.acquire(timeout=_patience.get()):
            record["turn"] = turn
    finally:
        _waiting.remove(turn)


def somebody_waits_to_write() -> bool:
    """Say whether another thread of this process waits for whoever writes to SQLite now."""
    return bool(_waiting)


@event.listens_for(Pool, "checkin")
def _end_turn(_connection, record) -> None:
    turn = record.record_info.pop("turn", None)
    if turn is not None:
        turn.release()
