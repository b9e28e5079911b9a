"""Bringing a backup back into an empty instance."""

import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path, PurePosixPath

from sqlalchemy import delete, inspect, select
from sqlalchemy.exc import DBAPIError

from portal.backups.archive import (
    DATABASE,
    ERASURES,
    FOLDERS,
    FORMAT,
    MANIFEST,
    Backup,
    BackupTrouble,
    room_in,
    sha256,
    short,
)
from portal.backups.keys import opened_keys, write_key
from portal.extensions import db
from portal.models import Person, Setting
from portal.moving import CannotMove, copy_from_file
from portal.schema import KEY_CHECK, RESTORING, upgrade_schema

Opens = Callable[[str, str], bool]  # whether a ring of keys, or ours for none, opens a sealed text


def restore(source: Path, instance: Path, *, passphrase: str | None, opens: Opens) -> Backup:
    """Put a backup into an empty instance, and bring it to the schema of this code.

    Keys come along when the backup holds some and the passphrase opens them. `opens` is asked
    whether these keys, or else ours, open what proves the key of the database. Raises BackupTrouble
    before anything is changed: a portal whose restore was refused must not be there to be started.
    Nor can it be started before the caller has paused and held what it must, and says `finish`.
    """
    _refuse_unless_empty()
    try:
        with zipfile.ZipFile(source) as folder, room_in(instance) as room:
            manifest = _manifest_of(folder)
            keys = opened_keys(folder, passphrase) if passphrase else {}
            snapshot = _extracted(folder, room, manifest)
            _refuse_other_keys(snapshot, keys.get("sealing.key", ""), opens)
            _mark_begun(snapshot)
            _bring_in(snapshot, instance)
            _unpack(folder, instance)
            for name, text in keys.items():
                write_key(instance / name, text)
    except (OSError, zipfile.BadZipFile, sqlite3.Error, KeyError, ValueError) as exc:
        raise BackupTrouble(f"{source} is no whole backup ({short(exc)}).") from exc
    return Backup(manifest["made_at"], len(folder.namelist()), source.stat().st_size, bool(keys))


def finish() -> None:
    """Let the portal be started: everything that a restore must do is done. Commits."""
    db.session.execute(delete(Setting).where(Setting.name == RESTORING))
    db.session.commit()


def erasures_of(source: Path) -> str:
    """Return the record of erasures that a backup holds; empty when there were none."""
    with zipfile.ZipFile(source) as folder:
        return folder.read(ERASURES).decode() if ERASURES in folder.namelist() else ""


def _refuse_unless_empty() -> None:
    url = db.engine.url
    if db.engine.dialect.name == "sqlite" and not Path(url.database or "").exists():
        return  # to look into it would make it
    if inspect(db.engine).has_table("person") and _is_in_use():
        raise BackupTrouble("There is a portal with people here already: use an empty one.")
    db.session.remove()
    db.engine.dispose()


def _is_in_use() -> bool:
    """Say whether people are here, other than from a restore that was broken off."""
    if db.session.get(Setting, RESTORING):
        return False
    return db.session.scalar(select(Person.id).limit(1)) is not None


def _manifest_of(folder: zipfile.ZipFile) -> dict[str, str]:
    manifest = json.loads(folder.read(MANIFEST))
    if manifest.get("format") != FORMAT:
        raise BackupTrouble("This backup was made by another version of the portal.")
    return manifest


def _extracted(folder: zipfile.ZipFile, room: Path, manifest: dict[str, str]) -> Path:
    snapshot = room / DATABASE
    with folder.open(DATABASE) as packed, snapshot.open("wb") as file:
        shutil.copyfileobj(packed, file)
    if sha256(snapshot) != manifest["databasesha256"]:
        raise BackupTrouble("The database in this backup is damaged; take an older backup.")
    return snapshot


def _refuse_other_keys(snapshot: Path, ring: str, opens: Opens) -> None:
    with closing(sqlite3.connect(snapshot)) as file:
        kept = file.execute("SELECT value FROM setting WHERE name = ?", (KEY_CHECK,)).fetchone()
    if kept and not opens(kept[0], ring):
        raise BackupTrouble(
            "SEALING_KEYS is not the key this backup was made with; put the key file sealing.key"
            " that belongs to it into the instance folder, and restore again."
        )


def _mark_begun(snapshot: Path) -> None:
    """Leave word in the database itself, so that whoever breaks off here leaves it, too."""
    with closing(sqlite3.connect(snapshot)) as file, file:
        file.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, '1')", (RESTORING,))


def _bring_in(snapshot: Path, instance: Path) -> None:
    """Make the snapshot our database, whatever kind ours is."""
    if db.engine.dialect.name == "sqlite":
        target = Path(db.engine.url.database or "")
        for ending in ("-wal", "-shm"):
            Path(f"{target}{ending}").unlink(missing_ok=True)
        os.replace(snapshot, target)
        target.chmod(0o600)
        upgrade_schema(instance)
        return
    with db.engine.begin() as connection:
        if inspect(connection).get_table_names():
            raise BackupTrouble("The database is not empty: make a new one for the restore.")
        try:
            copy_from_file(snapshot, connection)
        except (CannotMove, DBAPIError) as exc:
            raise BackupTrouble(
                "The backup has another schema than this code: restore it on SQLite, start the"
                " portal once, then move-database."
            ) from exc


def _unpack(folder: zipfile.ZipFile, instance: Path) -> None:
    for name in folder.namelist():
        path = PurePosixPath(name)
        if len(path.parts) == 2 and path.parts[0] in FOLDERS and not path.name.startswith("."):
            target = instance / path.parts[0] / path.name
            target.parent.mkdir(mode=0o700, exist_ok=True)
            with folder.open(name) as packed, target.open("wb") as file:
                shutil.copyfileobj(packed, file)
            target.chmod(0o600)
