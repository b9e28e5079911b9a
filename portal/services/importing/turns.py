"""A turn at an import: which run is due, and the claim under which one worker writes to it."""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, Update, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from portal.clock import utc_now
from portal.extensions import db, end_looking, somebody_waits_to_write
from portal.messages import Message
from portal.models import ImportRun, ImportState
from portal.services.issuing.claims import new_owner, run_taking, still_mine, taking
from portal.services.means import Means

log = logging.getLogger(__name__)
SHORTEST_LEASE = 10.0  # seconds
AT_A_TIME = 20_000  # rows that are read within a small part of it


@dataclass
class Turn:
    """A claim on a run. Every write goes through `stay`, which fails once the claim is lost."""

    run: ImportRun
    owner: str
    state: ImportState
    lease: timedelta
    means: Means

    @property
    def previews(self) -> bool:
        """Whether this is the preview, not the run itself."""
        return self.state is ImportState.READING

    def stay(self, **values: Any) -> bool:
        """Write to the run and keep it; False if it was cancelled or taken over."""
        values = {"due": utc_now() + self.lease, **values}
        return still_mine(ImportRun, self.run.id, self.owner, **values)

    def politely(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Yield the rows, stepping aside for whoever is being served in this process.

        Not where they wait for our transaction to end: then to go on is the quickest for all.
        """
        return self.means.traffic.politely(rows, somebody_waits_to_write)

    def lively(self, rows: Iterable[Any]) -> Iterator[Any]:
        """Yield the rows politely, outside any transaction; keeps the run however long it takes."""
        for number, row in enumerate(self.politely(rows), 1):
            yield row
            if number % AT_A_TIME == 0:
                self.stay()
                db.session.commit()

    def end(self, state: ImportState, reason: Message | None = None, **values: Any) -> None:
        """Leave the run in this state, with what was done for it. Commits; not if it was lost."""
        told = reason.stored() if reason else None
        if not self.stay(state=state, owner=None, tries=0, reason=told, **values):
            db.session.rollback()
            return
        db.session.commit()
        log.info("import %s is %s", self.run.id, state)

    def let_go(self, *, tries: int = 0) -> None:
        """Let whoever comes next go on. Commits."""
        self.stay(due=utc_now(), owner=None, tries=tries)
        db.session.commit()


def take(run_id: int | None, means: Means, now: datetime) -> Turn | None:
    """Claim this run (None for whichever is due), if it is free. Commits."""
    waiting, taking_it = _statements(run_id is not None)
    which = {"by_now": now} if run_id is None else {"by_now": now, "this_run": run_id}
    found = db.session.scalar(waiting, which)
    end_looking()
    if found is None:
        return None
    owner, lease = new_owner(), timedelta(seconds=max(SHORTEST_LEASE, means.rules.lease))
    ids = run_taking(taking_it, 1, new_owner=owner, until=now + lease, **which)
    db.session.commit()
    for taken in ids:
        run = db.session.get_one(ImportRun, taken, populate_existing=True)
        return Turn(run, owner, run.state, lease, means)
    return None


@cache  # every file of a catalogue asks twice; to put them together took longer than to run them
def _statements(of_one: bool) -> tuple[Select, Update]:
    """Return how to ask whether a run is free, and how to take it; `of_one`: this one only."""
    ready = _ready() & (ImportRun.id == bindparam("this_run")) if of_one else _ready()
    values = {"owner": bindparam("new_owner"), "due": bindparam("until")}
    taking_it = taking(ImportRun, ready=ready, values={**values, "tries": ImportRun.tries + 1})
    return select(ImportRun.id).where(ready).limit(1), taking_it


def is_behind_another(run: ImportRun) -> bool:
    """Say whether a started run waits until one that was started earlier has ended."""
    query = select(ImportRun.id).where(ImportRun.id == run.id, _behind())
    return run.state is ImportState.RUNNING and db.session.scalar(query) is not None


def _behind() -> Any:
    """Imports run one after the other, in the order of their start."""
    other = aliased(ImportRun)
    first = or_(
        other.started_at < ImportRun.started_at,
        (other.started_at == ImportRun.started_at) & (other.id < ImportRun.id),
    )
    return exists().select_from(other).where(other.state == ImportState.RUNNING, first)


def _behind_sibling() -> Any:
    """Of a catalogue, a file waits for those before it: it may lean on what they bring."""
    other = aliased(ImportRun)
    unfinished = (ImportState.READING, ImportState.RUNNING, ImportState.STOPPED)
    same = other.catalogue_import_id == ImportRun.catalogue_import_id
    before = (other.id < ImportRun.id) & other.state.in_(unfinished)
    return exists().select_from(other).where(same, before)


def _ready() -> Any:
    """Due, and not behind another."""
    reading = ImportRun.state == ImportState.READING
    running = (ImportRun.state == ImportState.RUNNING) & ~_behind()
    by_now = bindparam("by_now", type_=ImportRun.__table__.c.due.type)
    return (ImportRun.due <= by_now) & (reading | running) & ~_behind_sibling()
