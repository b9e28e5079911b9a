"""The bytes of uploaded files: kept under names of our own, deleted after a while."""

import os
import secrets
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import delete, select, update

from portal.errors import RuleBroken
from portal.extensions import db, end_looking
from portal.messages import say
from portal.models import ImportRow, ImportRun, ImportState
from portal.services import handed_in
from portal.services.means import Means

STRAY_AFTER = 86400.0  # seconds: a file that no run names by then never will be named
_PIECE = 1 << 20
_UNSTARTED = (ImportState.READING, ImportState.READY)


def save(stream: BinaryIO, means: Means) -> str:
    """Keep the bytes and return our name for them. Ends the transaction.

    Raises RuleBroken when there are too many, or the scanner does not let them in.
    """
    name = secrets.token_hex(16)
    path = means.uploads / name
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            while piece := stream.read(_PIECE):
                file.write(piece)
                if file.tell() > means.upload_limit:
                    most = means.upload_limit // _PIECE
                    raise RuleBroken(say("import_too_large", most=most), "file")
            file.flush()
            with path.open("rb") as written:
                handed_in.check(written, "file", means)
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def path_of(run: ImportRun, means: Means) -> Path:
    """Return where the bytes of a run are, or would be."""
    return means.uploads / (run.upload or "deleted")


def remove(name: str, means: Means) -> None:
    """Delete the bytes; those that are gone already are no trouble."""
    (means.uploads / name).unlink(missing_ok=True)


def forget_one(means: Means, now: datetime) -> bool:
    """Delete the bytes and rows of one run that is old enough; its counts stay. Commits."""
    old = select(ImportRun).where(
        ImportRun.upload.is_not(None),
        ImportRun.created_at < now - means.kept.uploads,
        ImportRun.state != ImportState.RUNNING,
    )
    run = db.session.scalars(old.limit(1)).first()
    end_looking()
    if run is None or run.upload is None:
        return False
    if not _is_shared(run):
        remove(run.upload, means)
    db.session.execute(delete(ImportRow).where(ImportRow.import_run_id == run.id))
    mine = update(ImportRun).where(ImportRun.id == run.id)
    db.session.execute(mine.values(upload=None))
    unstarted = mine.where(ImportRun.state.in_(_UNSTARTED))
    db.session.execute(unstarted.values(state=ImportState.CANCELLED, ended_at=now))
    db.session.commit()
    return True


def _is_shared(run: ImportRun) -> bool:
    """Whether another file of the same zip still needs the bytes."""
    query = select(ImportRun.id).where(ImportRun.upload == run.upload, ImportRun.id != run.id)
    return db.session.scalar(query.limit(1)) is not None


def remove_strays(means: Means, now: datetime) -> None:
    """Delete files that a broken-off upload left behind."""
    named = set(db.session.scalars(select(ImportRun.upload).where(ImportRun.upload.is_not(None))))
    for path in means.uploads.iterdir():
        with suppress(FileNotFoundError):
            old = now.timestamp() - path.stat().st_mtime > STRAY_AFTER
            if old and path.is_file() and path.name not in named:
                path.unlink()
