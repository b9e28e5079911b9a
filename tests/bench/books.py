"""The least that whoever loses nothing must write down: a mark before each POST, its outcome after.

Plain statements over the driver alone, on a database of the same kind as the portal's.
"""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg

TABLE = "CREATE TABLE sent (id INTEGER PRIMARY KEY, sent_at TEXT, badge TEXT)"
FILL = "INSERT INTO sent (id) SELECT value FROM generate_series(1, {count}) AS value"


class Book(Protocol):
    """What a thread writes its orders down in; each of its methods is a durable commit."""

    def mark(self, number: int) -> None: ...
    def done(self, number: int, badge: str) -> None: ...
    def close(self) -> None: ...


class SqliteBook:
    """With the settings of the portal; threads take turns, for SQLite lets one write at a time."""

    def __init__(self, file: Path, turn: threading.Lock) -> None:
        self._turn = turn
        self._connection = sqlite3.connect(file, timeout=60, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"PRAGMA {pragma}")

    def mark(self, number: int) -> None:
        """Write down that an order is about to leave."""
        self._write("UPDATE sent SET sent_at = datetime('now') WHERE id = ?", (number,))

    def done(self, number: int, badge: str) -> None:
        """Write down what came of it."""
        self._write("UPDATE sent SET badge = ? WHERE id = ?", (badge, number))

    def close(self) -> None:
        self._connection.close()

    def _write(self, words: str, values: tuple[Any, ...]) -> None:
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute(words, values)
            self._connection.execute("COMMIT")


class PostgresqlBook:
    """A connection for each thread; every statement commits by itself."""

    def __init__(self, address: str) -> None:
        self._connection = psycopg.connect(address, autocommit=True)

    def mark(self, number: int) -> None:
        """Write down that an order is about to leave."""
        self._connection.execute("UPDATE sent SET sent_at = now() WHERE id = %s", (number,))

    def done(self, number: int, badge: str) -> None:
        """Write down what came of it."""
        self._connection.execute("UPDATE sent SET badge = %s WHERE id = %s", (badge, number))

    def close(self) -> None:
        self._connection.close()


def on_sqlite(file: Path, count: int) -> Callable[[], Book]:
    """Make a book with `count` lines in a file; return how a thread opens it."""
    with sqlite3.connect(file) as connection:
        connection.execute(TABLE)
        numbers = [(number,) for number in range(1, count + 1)]
        connection.executemany("INSERT INTO sent (id) VALUES (?)", numbers)
    connection.close()
    turn = threading.Lock()
    return lambda: SqliteBook(file, turn)


def on_postgresql(address: str, count: int) -> Callable[[], Book]:
    """Make a book with `count` lines in a portal's database; return how a thread opens it."""
    with psycopg.connect(address) as connection:
        connection.execute("DROP TABLE IF EXISTS sent")
        connection.execute(TABLE)
        connection.execute(FILL.format(count=count))
    return lambda: PostgresqlBook(address)
