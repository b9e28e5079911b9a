"""Imports as people use them: upload, start, cancel, look."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy import Select, select, update
from sqlalchemy.orm import joinedload

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import Message, say
from portal.models import (
    Connection,
    ImportRow,
    ImportRun,
    ImportState,
    LearningObject,
    Outcome,
    Person,
)
from portal.services import audit
from portal.services.importing import uploads
from portal.services.importing.file_kind import FileKind
from portal.services.importing.kinds import KINDS, kinds_for
from portal.services.means import Means
from portal.services.paging import literally
from portal.services.slices import START, Order, Place, Slice, slice_of

WORKING = (ImportState.READING, ImportState.RUNNING)
OPEN = (*WORKING, ImportState.READY, ImportState.STOPPED)
NOTED = "note"  # beside the outcomes: rows that go in, with something worth a look
SAMPLE = 50
NEWEST_FIRST = Order((ImportRun.id,), falling=True)
_COUNTED = ("new", "changed", "unchanged", "failed", "noted", "done_line", "done_at")


def upload(
    *,
    actor: Person | None,
    stream: BinaryIO,
    file_name: str,
    kind: str,
    means: Means,
    now: datetime,
    connection_id: int = 0,
    about: LearningObject | None = None,
    options: dict[str, Any] | None = None,
) -> ImportRun:
    """Keep a file of this kind and let it be previewed. `connection_id` is 0 for none. Commits.

    `about` is the learning object whose file it is, `options` what else the kind wants to know, as
    plain values. Raises RuleBroken at `file` for a name of another kind and for too many bytes,
    NotFound for a kind that is not this person's to bring in.
    """
    if actor and not KINDS[kind].may_import(actor, about):
        raise NotFound
    shown, about_id = _file_name(file_name, KINDS[kind]), about.id if about else None
    connection = db.session.get(Connection, connection_id) if connection_id else None
    uploads.remove_strays(means, now)
    db.session.rollback()  # the bytes may take their time
    name = uploads.save(stream, means)
    run = ImportRun(
        kind=kind,
        file_name=shown,
        upload=name,
        connection_id=connection.id if connection else None,
        learning_object_id=about_id,
        options=options or {},
        person_id=actor.id if actor else None,
        created_at=now,
        due=now,
    )
    return _kept(run, actor, name, means)


def start(*, actor: Person | None, run: ImportRun, now: datetime) -> None:
    """Bring the rows in, in the background. The counts begin anew. Commits."""
    _refuse_file_of_catalogue(run)
    if run.state is ImportState.READY and not run.rows:
        raise RuleBroken(say("import_nothing_to_start"))
    started = {"person_id": actor.id} if actor else {}
    counts = dict.fromkeys(_COUNTED, 0)
    _move(
        run,
        (ImportState.READY,),
        say("import_not_ready"),
        "start",
        actor,
        state=ImportState.RUNNING,
        started_at=now,
        due=now,
        tries=0,
        **counts,
        **started,
    )


def go_on(*, run: ImportRun, now: datetime) -> None:
    """Let a run that was stopped go on where it was, in its preview or behind it. Commits."""
    state = ImportState.RUNNING if run.started_at else ImportState.READING
    stopped = (ImportState.STOPPED,)
    values = {"state": state, "due": now, "tries": 0, "reason": None}
    _move(run, stopped, say("import_not_ready"), "go_on", None, **values)


def cancel(*, run: ImportRun, now: datetime) -> None:
    """Stop for good, between two batches; what is in stays in. Commits.

    The worker that has the run loses its claim, and so the batch it has in hand.
    """
    _refuse_file_of_catalogue(run)
    values = {"state": ImportState.CANCELLED, "ended_at": now, "owner": None}
    _move(run, OPEN, say("import_not_open"), "cancel", None, **values)


def list_for(actor: Person, q: str, state: str, place: Place = START) -> Slice:
    """Return a page of the imports this person may see, newest first; catalogues have their own."""
    kinds = [kind.name for kind in kinds_for(actor)]
    ids = select(ImportRun.id).where(ImportRun.kind.in_(kinds))
    ids = ids.where(ImportRun.catalogue_import_id.is_(None))
    if q:
        ids = ids.where(ImportRun.file_name.ilike(literally(q), escape="\\"))
    if state in set(ImportState):
        ids = ids.where(ImportRun.state == state)
    load = select(ImportRun).options(joinedload(ImportRun.person), joinedload(ImportRun.connection))
    return slice_of(ids, load, NEWEST_FIRST, place)


def get_for(actor: Person, run_id: int) -> ImportRun:
    """Return the import; of a kind that is not this person's to bring in, it does not exist."""
    run = db.session.get(ImportRun, run_id)
    kind = KINDS.get(run.kind) if run else None
    if run is None or kind is None or not kind.may_import(actor, run.learning_object):
        raise NotFound
    return run


def counts_of(run: ImportRun) -> dict[str, int]:
    """Return how many rows there are of each kind."""
    return {
        Outcome.ERROR.value: run.failed,
        Outcome.NEW.value: run.new,
        Outcome.CHANGED.value: run.changed,
        NOTED: run.noted,
        Outcome.UNCHANGED.value: run.unchanged,
    }


def samples_of(run: ImportRun) -> dict[str, Sequence[ImportRow]]:
    """Return the first rows of each kind that has any; none while they are being worked on."""
    if run.state in WORKING or run.upload is None:
        return {}
    return {
        kind: db.session.scalars(_rows(run, kind).limit(SAMPLE)).all()
        for kind, count in counts_of(run).items()
        if count
    }


def rows_of(run: ImportRun, kind: str, q: str, place: Place = START) -> Slice:
    """Return a page of the rows of one kind (all, for any other word), by line."""
    query = _rows(run, kind)
    if q:
        pattern = literally(q)
        named = ImportRow.name.ilike(pattern, escape="\\")
        query = query.where(named | ImportRow.source_id.ilike(pattern, escape="\\"))
    load = select(ImportRow).where(ImportRow.import_run_id == run.id)
    lines = query.with_only_columns(ImportRow.line).order_by(None)
    return slice_of(lines, load, Order((ImportRow.line,)), place, per_page=SAMPLE)


def _refuse_file_of_catalogue(run: ImportRun) -> None:
    """The files of a catalogue are started and cancelled together."""
    if run.catalogue_import_id is not None:
        raise RuleBroken(say("import_not_ready"))


def _rows(run: ImportRun, kind: str) -> Select:
    query = select(ImportRow).where(ImportRow.import_run_id == run.id)
    if kind == NOTED:
        query = query.where(ImportRow.noted)
    elif kind in set(Outcome):
        query = query.where(ImportRow.outcome == kind)
    return query.order_by(ImportRow.line)


def _kept(run: ImportRun, actor: Person | None, name: str, means: Means) -> ImportRun:
    """Write a run down; without its row nobody would ever delete the bytes."""
    db.session.add(run)
    try:
        audit.note("import.upload", actor=actor, subject=run, now=run.created_at, kind=run.kind)
        db.session.commit()
    except BaseException:
        uploads.remove(name, means)
        raise
    return run


def _move(
    run: ImportRun,
    states: Sequence[ImportState],
    no: Message,
    verb: str,
    actor: Person | None,
    **values: object,
) -> None:
    """Move a run on, if it still is in one of these states: buttons are pressed twice."""
    before = run.state
    moved = db.session.execute(
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount == 1:
        told = {"kind": run.kind, "rows": run.rows, "before": before, "after": values["state"]}
        audit.note(f"import.{verb}", actor=actor, subject=run, **told)
    db.session.commit()
    db.session.refresh(run)
    if moved.rowcount != 1:
        raise RuleBroken(no)


def _file_name(file_name: str, kind: FileKind) -> str:
    """Return the name to show; only its end says what kind of file it may be."""
    last = file_name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    shown = "".join(sign for sign in last if sign.isprintable())
    if not shown:
        raise RuleBroken(say("import_choose_file"), "file")
    if shown.lower().endswith(".zip"):
        if not kind.takes_zip:
            raise RuleBroken(say("import_no_zip"), "file")
    elif not shown.lower().endswith(".csv"):
        raise RuleBroken(say("import_not_csv_name"), "file")
    return shown[-255:]
