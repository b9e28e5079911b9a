"""Catalogues as people bring them in: one zip, a run for each of its files, started together."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload, selectinload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    CatalogueImport,
    Connection,
    ImportRow,
    ImportRun,
    ImportState,
    Outcome,
    Person,
)
from portal.policies import is_admin
from portal.services import audit
from portal.services.importing import uploads
from portal.services.importing.archives import Archive
from portal.services.importing.badges.kind import BADGES
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.catalogue.grades import USER_COURSE_GRADE
from portal.services.importing.catalogue.kinds import CATALOGUE
from portal.services.importing.file_kind import FileKind
from portal.services.importing.people.kind import PEOPLE
from portal.services.means import Means
from portal.services.slices import START, Order, Place, Slice, slice_of

ORDER: tuple[FileKind, ...] = (PEOPLE, BADGES, *CATALOGUE)
MOST_LEFT_OVER = 50
_OPEN = (ImportState.READING, ImportState.READY, ImportState.RUNNING, ImportState.STOPPED)


@dataclass(frozen=True)
class History:
    """How much of a catalogue's records is completed: what may be awarded by it."""

    modules: int
    courses: int
    learners: int


def upload(
    *,
    actor: Person | None,
    stream: BinaryIO,
    file_name: str,
    means: Means,
    now: datetime,
    connection_id: int = 0,
) -> CatalogueImport:
    """Keep a zip and let each of its files be previewed, in their order. Commits.

    `connection_id` is what vouches for the badges' templates, 0 for none. Raises RuleBroken at
    `file` for what is no zip, too large, or without any file of a catalogue; NotFound for others
    than administrators.
    """
    if actor and not is_admin(actor):
        raise NotFound
    shown = file_name.replace("\\", "/").rsplit("/", 1)[-1].strip()[-255:]
    if not shown.lower().endswith(".zip"):
        raise RuleBroken(say("import_catalogue_is_zip"), "file")
    connection = db.session.get(Connection, connection_id) if connection_id else None
    vouching = connection.id if connection else None
    uploads.remove_strays(means, now)
    db.session.rollback()  # the bytes may take their time
    name = uploads.save(stream, means)
    try:
        members, left_over = _members(name, means)
        catalogue = CatalogueImport(
            file_name=shown,
            person_id=actor.id if actor else None,
            created_at=now,
            left_over=left_over,
        )
        return _kept(catalogue, members, name, vouching)
    except FileRefused as refused:
        uploads.remove(name, means)
        raise RuleBroken(refused.message, "file") from None
    except BaseException:
        uploads.remove(name, means)
        raise


def start(*, actor: Person | None, catalogue: CatalogueImport, issues: bool, now: datetime) -> None:
    """Bring all files in whose preview is there, one after the other. Commits.

    `issues`: what the history earns goes to Credly, too. Raises RuleBroken while files are read,
    and when nothing can be started any more.
    """
    if catalogue.state is not ImportState.READY:
        raise RuleBroken(say("import_not_ready"))
    counts = dict.fromkeys(
        ("new", "changed", "unchanged", "failed", "noted", "done_line", "done_at"), 0
    )
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.catalogue_import_id == catalogue.id)
        .where(ImportRun.state == ImportState.READY)
        .values(state=ImportState.RUNNING, started_at=now, due=now, tries=0, **counts)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:
        db.session.rollback()
        raise RuleBroken(say("import_not_ready"))
    catalogue.issues, catalogue.started_at = issues, now
    audit.note("catalogue.start", actor=actor, now=now, subject=catalogue, issues=issues)
    db.session.commit()
    db.session.expire_all()


def cancel(*, actor: Person | None, catalogue: CatalogueImport, now: datetime) -> None:
    """Stop for good, between two batches; what is in stays in. Commits."""
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.catalogue_import_id == catalogue.id, ImportRun.state.in_(_OPEN))
        .values(state=ImportState.CANCELLED, ended_at=now, owner=None)
        .execution_options(synchronize_session=False)
    )
    if not moved.rowcount:
        db.session.rollback()
        raise RuleBroken(say("import_not_open"))
    audit.note("catalogue.cancel", actor=actor, now=now, subject=catalogue)
    db.session.commit()
    db.session.expire_all()


def get(catalogue_id: int) -> CatalogueImport:
    """Return a catalogue with its runs. Raises NotFound."""
    options = (selectinload(CatalogueImport.runs), joinedload(CatalogueImport.person))
    found = db.session.get(CatalogueImport, catalogue_id, options=options)
    if found is None:
        raise NotFound
    return found


def list_of(place: Place = START) -> Slice:
    """Return a page of the catalogues that were brought in, newest first."""
    options = (selectinload(CatalogueImport.runs), joinedload(CatalogueImport.person))
    order = Order((CatalogueImport.id,), falling=True)
    load = select(CatalogueImport).options(*options)
    return slice_of(select(CatalogueImport.id), load, order, place)


def history_of(catalogue: CatalogueImport) -> History | None:
    """Return how much is completed by the file of grades; None without one, or with its errors."""
    run = next((one for one in catalogue.runs if one.kind == USER_COURSE_GRADE.name), None)
    if run is None or run.state is ImportState.READING:
        return None
    fresh = (
        select(ImportRow.name, ImportRow.holds)
        .where(ImportRow.import_run_id == run.id, ImportRow.outcome == Outcome.NEW)
        .where(ImportRow.holds.is_not(None))
    )
    pairs = fresh.distinct().subquery()
    modules = db.session.scalar(select(func.count()).select_from(fresh.subquery())) or 0
    courses = db.session.scalar(select(func.count()).select_from(pairs)) or 0
    learners = db.session.scalar(select(func.count(pairs.c.name.distinct()))) or 0
    return History(modules, courses, learners)


def is_catalogue(path: Path) -> bool:
    """Say whether a zip holds more of a catalogue than badges alone."""
    if path.suffix.lower() != ".zip":
        return False
    try:
        with closing(Archive(path)) as archive:
            return any(archive.holds(one.file_name) for one in ORDER if one is not BADGES)
    except FileRefused:
        return False


def _members(name: str, means: Means) -> tuple[list[tuple[FileKind, str]], list[str]]:
    with closing(Archive(means.uploads / name)) as archive:
        found = [
            (kind, archive.find(kind.file_name)) for kind in ORDER if archive.holds(kind.file_name)
        ]
        if not found:
            raise FileRefused(say("import_zip_no_catalogue"))
        known = {member for _kind, member in found}
        others = [one for one in archive.tables() if one not in known]
        return found, [one[-255:] for one in others[:MOST_LEFT_OVER]]


def _kept(
    catalogue: CatalogueImport,
    members: Sequence[tuple[FileKind, str]],
    name: str,
    connection_id: int | None,
) -> CatalogueImport:
    """Write it down with its runs; without them nobody would ever delete the bytes."""
    db.session.add(catalogue)
    db.session.flush()
    db.session.add_all(_runs(catalogue, members, name, connection_id))
    actor = db.session.get(Person, catalogue.person_id) if catalogue.person_id else None
    audit.note("catalogue.upload", actor=actor, now=catalogue.created_at, subject=catalogue)
    db.session.commit()
    return catalogue


def _runs(
    catalogue: CatalogueImport,
    members: Sequence[tuple[FileKind, str]],
    name: str,
    connection_id: int | None,
) -> list[ImportRun]:
    return [
        ImportRun(
            kind=kind.name,
            file_name=catalogue.file_name,
            member=member,
            upload=name,
            connection_id=connection_id if kind is BADGES else None,
            catalogue_import_id=catalogue.id,
            person_id=catalogue.person_id,
            created_at=catalogue.created_at,
            due=catalogue.created_at,
        )
        for kind, member in members
    ]
