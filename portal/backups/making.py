"""Making a backup of the running portal."""

import json
import os
import secrets
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from portal.backups.archive import (
    DATABASE,
    ERASURES,
    FOLDERS,
    FORMAT,
    KEYS,
    MANIFEST,
    Backup,
    BackupTrouble,
    room_in,
    sha256,
    short,
)
from portal.backups.keys import sealed_keys
from portal.extensions import db
from portal.moving import CannotMove, copy_to_file


def make(target: Path, instance: Path, *, passphrase: str | None, now: datetime) -> Backup:
    """Write a backup of the running portal. Raises BackupTrouble; a half one is never left."""
    if target.exists():
        raise BackupTrouble(f"{target} is there already; name a file that is not.")
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with room_in(instance) as room:
            snapshot = room / DATABASE
            _snapshot(snapshot)
            files = _write(part, snapshot, instance, passphrase, now)
        os.link(part, target)  # refuses a file that came in between
    except (OSError, sqlite3.Error, CannotMove, DBAPIError) as exc:
        raise BackupTrouble(f"The backup could not be written ({short(exc)}).") from exc
    finally:
        with suppress(OSError):  # where nothing can be written, nothing is left to take away
            part.unlink()
    return Backup(now.isoformat(), files, target.stat().st_size, passphrase is not None)


def _snapshot(file: Path) -> None:
    """Copy the database as it is at one moment, while others write on."""
    url = db.engine.url
    if db.engine.dialect.name == "sqlite":
        running = closing(sqlite3.connect(url.database, timeout=60))
        with running as source, closing(sqlite3.connect(file)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        return
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with db.engine.connect().execution_options(**options) as connection:
        copy_to_file(connection, file)


def _write(
    part: Path, snapshot: Path, instance: Path, passphrase: str | None, now: datetime
) -> int:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as folder:
            folder.write(snapshot, DATABASE)
            for name, path in _kept_files(instance):
                folder.write(path, name, zipfile.ZIP_STORED)
            if passphrase is not None:
                folder.writestr(KEYS, sealed_keys(instance, passphrase))
            manifest = {
                "format": FORMAT,
                "made_at": now.isoformat(),
                "databasesha256": sha256(snapshot),
            }
            folder.writestr(MANIFEST, json.dumps(manifest))
            count = len(folder.namelist())
        file.flush()
        os.fsync(file.fileno())
    return count


def _kept_files(instance: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((instance / folder).glob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield f"{folder}/{path.name}", path
    if (instance / ERASURES).is_file():
        yield ERASURES, instance / ERASURES
