"""Where practice Credly keeps everything: one SQLite file that survives a kill at any moment."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS organizations (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, id TEXT NOT NULL, organization_id TEXT NOT NULL, description TEXT,
    read_enabled INTEGER NOT NULL, write_enabled INTEGER NOT NULL, delete_enabled INTEGER NOT NULL,
    created_at TEXT NOT NULL, expires_at TEXT);
CREATE TABLE IF NOT EXISTS templates (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, slug TEXT NOT NULL,
    public INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
    badges_count INTEGER NOT NULL DEFAULT 0, data TEXT NOT NULL,
    UNIQUE (organization_id, slug));
CREATE TABLE IF NOT EXISTS images (
    id TEXT PRIMARY KEY, file TEXT NOT NULL, content_type TEXT NOT NULL, content BLOB, seed TEXT);
CREATE TABLE IF NOT EXISTS badges (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL, template_id TEXT NOT NULL, email TEXT NOT NULL,
    issuer_earner_id TEXT, user_id TEXT, state TEXT NOT NULL, public INTEGER NOT NULL,
    replacement_badge_id TEXT, issued_at TEXT NOT NULL, created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL, expires_at TEXT, state_updated_at TEXT, search TEXT NOT NULL,
    data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS badges_email ON badges (email);
CREATE INDEX IF NOT EXISTS badges_earner ON badges (issuer_earner_id);
CREATE INDEX IF NOT EXISTS badges_user ON badges (user_id);
CREATE INDEX IF NOT EXISTS badges_template ON badges (template_id);
CREATE INDEX IF NOT EXISTS badges_organization ON badges (organization_id);
CREATE TABLE IF NOT EXISTS earners (
    id TEXT PRIMARY KEY, slug TEXT NOT NULL UNIQUE, first_name TEXT NOT NULL,
    middle_name TEXT, last_name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS addresses (email TEXT PRIMARY KEY, earner_id TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS addresses_earner ON addresses (earner_id);
CREATE TABLE IF NOT EXISTS events (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL, event_type TEXT NOT NULL, occurred_at TEXT NOT NULL,
    subject TEXT NOT NULL, subject_id TEXT NOT NULL, snapshot TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS events_organization ON events (organization_id);
CREATE INDEX IF NOT EXISTS events_subject ON events (subject_id);
CREATE TABLE IF NOT EXISTS outbox (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL, payload TEXT NOT NULL,
    due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, since REAL NOT NULL);
CREATE TABLE IF NOT EXISTS plan (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, remaining INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS switches (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS log (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, method TEXT NOT NULL,
    path TEXT NOT NULL, query TEXT NOT NULL, body TEXT NOT NULL, headers TEXT NOT NULL,
    token TEXT, organization TEXT, status INTEGER, badges TEXT NOT NULL, dropped INTEGER NOT NULL);
"""

TABLES = (
    *("organizations", "tokens", "templates", "images", "badges", "earners", "addresses"),
    *("events", "outbox", "plan", "switches", "log"),
)


def clear(db: sqlite3.Connection) -> None:
    """Forget everything, switches and log included."""
    for table in TABLES:
        db.execute(f"DELETE FROM {table}")  # noqa: S608 - the names stand above


class Store:
    """One connection behind one lock; nobody may sleep or talk to a network while holding it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(
            path, timeout=10, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA journal_mode=WAL")
        # A commit survives the death of the process, not a power cut.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give the connection inside one transaction; an exception undoes all of it."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        with self._lock:
            self._connection.close()
