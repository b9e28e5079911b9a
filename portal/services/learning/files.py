"""Files that people send: checked by what is in them, kept under names of our own, outside static.

Who may have one is asked by the page that hands it out, always as an attachment.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sqlalchemy import select, union

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Evidence, Module
from portal.pictures import is_whole
from portal.services import handed_in
from portal.services.means import Means
from portal.services.plain_text import one_line

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
DOCUMENTS = frozenset({PDF, PNG, JPEG})
MOST = 20 * 1024 * 1024  # bytes
STRAY_AFTER = 86400.0  # seconds: a file that no row names by then never will be named
_LONGEST_NAME = 200
_BEGINNINGS = {PDF: b"%PDF-", PNG: b"\x89PNG\r\n\x1a\n", JPEG: b"\xff\xd8\xff"}
_ENDINGS = {PDF: (".pdf",), PNG: (".png",), JPEG: (".jpg", ".jpeg")}
# A PDF ends with this mark; programs may write a little behind it.
_PDF_END, _PDF_TAIL = b"%%EOF", 2048


@dataclass(frozen=True)
class KeptFile:
    """A file that is ours now: our name for it, what its sender called it, what it is."""

    key: str
    name: str
    type: str


def keep(stream: BinaryIO, file_name: str, *, allowed: frozenset[str], means: Means) -> KeptFile:
    """Keep a file whose content is of an allowed type. Raises RuleBroken at the field `file`.

    The type its sender claims is not asked for. Ends the transaction: call it before anything is
    changed. The caller then writes `key`, `name` and `type` into a row and commits; what no row
    names within a day is removed as a stray.
    """
    data = stream.read(MOST + 1)
    if not data:
        raise RuleBroken(say("file_empty" if file_name else "file_missing"), "file")
    if len(data) > MOST:
        raise RuleBroken(say("file_too_large", most=MOST // (1024 * 1024)), "file")
    kind = _type_of(data)
    if kind not in allowed:
        raise RuleBroken(say("file_type_not_taken"), "file")
    handed_in.check_bytes(data, "file", means)
    if not _is_complete(data, kind):
        raise RuleBroken(say("file_broken"), "file")
    key = secrets.token_hex(32)
    _write(means.files / key, data)
    return KeptFile(key, _name_of(file_name, kind), kind)


def path_of(key: str | None, means: Means) -> Path:
    """Return where the bytes are; raise NotFound when there are none."""
    path = means.files / (key or "none")
    if not key or not key.isalnum() or not path.is_file():
        raise NotFound
    return path


def read(key: str | None, means: Means) -> bytes:
    """Return the bytes; raise NotFound when there are none."""
    return path_of(key, means).read_bytes()


def remove(key: str | None, means: Means) -> None:
    """Delete the bytes; those that are gone already are no trouble. Commit the row first."""
    with suppress(NotFound):
        path_of(key, means).unlink(missing_ok=True)


def remove_strays(means: Means, now: datetime) -> None:
    """Delete files that no row names: of forms that were broken off, of rows that are gone."""
    keys = union(*(select(table.file_key) for table in (Module, Evidence)))
    named = set(db.session.scalars(keys))
    db.session.rollback()
    for path in means.files.iterdir():
        with suppress(FileNotFoundError):
            old = now.timestamp() - path.stat().st_mtime > STRAY_AFTER
            if old and path.is_file() and path.name not in named:
                path.unlink()


def _type_of(data: bytes) -> str | None:
    return next((kind for kind, sign in _BEGINNINGS.items() if data.startswith(sign)), None)


def _is_complete(data: bytes, kind: str) -> bool:
    return _PDF_END in data[-_PDF_TAIL:] if kind == PDF else is_whole(data)


def _name_of(file_name: str, kind: str) -> str:
    """Return the last part of the sender's name, on one line, with the ending of its type."""
    last = one_line(PurePosixPath(file_name.replace("\\", "/")).name)
    stem = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')
    endings = _ENDINGS[kind]
    for ending in endings:
        stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
    return (stem.strip(". ")[:_LONGEST_NAME] or "file") + endings[0]


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
