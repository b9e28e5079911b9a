"""The database and the disk: what kind, how large, how much room is left."""

import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from portal.extensions import db

KEYS = ("secret.key", "sealing.key")


@dataclass(frozen=True)
class Database:
    """`size` is in bytes; `revision` is the newest schema change in it."""

    kind: str
    size: int
    revision: str


def database() -> Database:
    """Look at the database."""
    revision = db.session.scalar(text("SELECT version_num FROM alembic_version")) or "–"
    if db.engine.dialect.name == "sqlite":
        pages = db.session.scalar(text("PRAGMA page_count")) or 0
        return Database("SQLite", pages * db.session.scalar(text("PRAGMA page_size")), revision)
    size = db.session.scalar(text("SELECT pg_database_size(current_database())"))
    return Database("PostgreSQL", size or 0, revision)


def free_in(folder: Path) -> int:
    """Return how many bytes are free where the instance lives."""
    return shutil.disk_usage(folder).free


def open_keys(folder: Path) -> list[str]:
    """Return the key files that others on this machine could read."""
    others = stat.S_IRWXG | stat.S_IRWXO
    found = [name for name in KEYS if (folder / name).is_file()]
    return [name for name in found if (folder / name).stat().st_mode & others]
