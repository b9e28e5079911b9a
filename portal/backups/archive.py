"""What lies in a backup, and what goes wrong with one."""

import hashlib
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("images", "uploads", "files")
KEY_FILES = ("secret.key", "sealing.key")
ERASURES = "erasures.txt"
DATABASE, MANIFEST, KEYS = "portal.db", "manifest.json", "keys.sealed"
FORMAT = 1


class BackupTrouble(Exception):
    """It cannot be done, and nothing was changed. The text is one sentence."""


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: str
    files: int
    size: int
    keys: bool


@contextmanager
def room_in(instance: Path) -> Iterator[Path]:
    """A folder of our own beside the data, gone afterwards."""
    room = instance / f".backup-{secrets.token_hex(4)}"
    room.mkdir(mode=0o700)
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def short(exc: BaseException) -> str:
    """What was in the way; of a database's words only SQLite's own, which quote no values."""
    if isinstance(exc, OSError) and exc.strerror:
        return exc.strerror
    return str(exc) if isinstance(exc, sqlite3.Error) else type(exc).__name__
