"""The background job of imports: takes one due run and works on it for a few seconds.

Preview and run go through the file in the same way, in batches of one transaction each; a worker
that was killed leaves whole batches, and the next one goes on behind the last.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, islice
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.clock import utc_now
from portal.extensions import db
from portal.messages import Message, say
from portal.models import Connection, ImportRun, ImportState, Outcome
from portal.services.importing import uploads
from portal.services.importing.applying import run_batch
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.csv_rows import Place, Row
from portal.services.importing.file_kind import Errand
from portal.services.importing.kinds import KINDS
from portal.services.importing.opening import open_file
from portal.services.importing.previewing import preview_batch, survey
from portal.services.importing.sources import Source, source_of
from portal.services.importing.turns import Turn, take
from portal.services.in_bulk import plan_for_values
from portal.services.issuing.calling import end_transaction
from portal.services.means import Means

log = logging.getLogger(__name__)
BATCH_CHARACTERS = 2_000_000
WITH_PICTURES = 25  # rows: pictures take their time, and people watch the progress
MOST_TRIES = 5
_COUNTS = {
    Outcome.NEW: ImportRun.new,
    Outcome.CHANGED: ImportRun.changed,
    Outcome.UNCHANGED: ImportRun.unchanged,
    Outcome.ERROR: ImportRun.failed,
}


@dataclass(frozen=True)
class Pace:
    """How much is done at a time: rows in a transaction, seconds until others get their turn."""

    rows: int = 500
    seconds: float = 5.0


USUAL = Pace()


def run_next(means: Means, now: datetime) -> bool:
    """Work on one due import for a while; say whether there was anything to do."""
    return work_on(None, means, now) or uploads.forget_one(means, now)


def work_on(run_id: int | None, means: Means, now: datetime, pace: Pace = USUAL) -> bool:
    """Work on this import (None for whichever is due) for a while; say whether it was free."""
    turn = take(run_id, means, now)
    if turn is None:
        return False
    if turn.run.tries > MOST_TRIES:
        turn.end(ImportState.STOPPED, say("import_interrupted"))
    else:
        _carry(turn, now, pace)
    return True


def _carry(turn: Turn, now: datetime, pace: Pace) -> None:
    end_transaction()
    file_name = KINDS[turn.run.kind].file_name
    try:
        with source_of(turn.run, turn.means, file_name) as source:
            if turn.run.columns or _survey(turn, source):
                _Pass(turn, source, now, pace).go_on()
    except FileRefused as refused:
        _refuse(turn, refused, now)
    except IntegrityError:
        # Somebody took a template in this very moment: the batch is judged again.
        db.session.rollback()
        turn.let_go(tries=turn.run.tries)
    except (DBAPIError, OSError) as exc:
        db.session.rollback()
        if "locked" in str(getattr(exc, "orig", "")):
            raise  # the lease ends, and then it is tried again
        log.error("import %s was stopped by the storage: %s", turn.run.id, type(exc).__name__)
        turn.end(ImportState.STOPPED, say("import_storage"))


def _survey(turn: Turn, source: Source) -> bool:
    layout = KINDS[turn.run.kind].layout
    mine = turn.stay(**survey(source, layout, turn.lively))
    db.session.commit()
    db.session.refresh(turn.run)
    end_transaction()
    return mine


def _refuse(turn: Turn, refused: FileRefused, now: datetime) -> None:
    db.session.rollback()
    if turn.previews:
        notes = [note.stored() for note in refused.notes]
        turn.end(ImportState.REFUSED, refused.message, notes=notes, ended_at=now)
    else:  # it was whole when it was previewed: what is in stays in
        turn.end(ImportState.STOPPED, refused.message)


class _Pass:
    """One way through the file, from where the last one ended."""

    def __init__(self, turn: Turn, source: Source, now: datetime, pace: Pace) -> None:
        self.turn, self.run, self.now, self.pace = turn, turn.run, now, pace
        self.kind = KINDS[turn.run.kind]
        begins = Place(turn.run.done_at, turn.run.next_line) if turn.run.done_at else None
        self.opened = open_file(source.open, self.kind.layout, begins)
        with_pictures = source.archive and self.kind.takes_zip
        most = WITH_PICTURES if with_pictures else self.kind.at_once or pace.rows
        self.most = min(pace.rows, most)
        connection = (
            db.session.get(Connection, turn.run.connection_id) if turn.run.connection_id else None
        )
        end_transaction()
        errand = Errand(turn.run, source, connection, turn.means, now, turn.previews, turn.stay)
        self.work = self.kind.work(errand)

    def go_on(self) -> None:
        """Deal with batch after batch until the file or the turn ends. Commits each."""
        ends = time.monotonic() + self.pace.seconds
        concludes = self.work.concludes and not self.turn.previews
        for batch, is_last in _and_whether_last(self._batches()):
            values = self._deal_with(batch)
            if is_last and not concludes:
                self._end(**values)
                return
            if not self._commit(ends, **values):
                return
        for _piece in self.work.conclude() if concludes else ():
            if not self._commit(ends):
                return
        self._end()

    def _end(self, **values: Any) -> None:
        """Commit what was done, and the end of the run with it."""
        if self.turn.previews:
            self.turn.end(ImportState.READY, **values)
        else:
            self.turn.end(ImportState.DONE, ended_at=utc_now(), **values)

    def _commit(self, ends: float, **values: Any) -> bool:
        """Commit what was done; False when the claim is lost, or others are to have their turn."""
        if not self.turn.stay(**values):
            db.session.rollback()
            return False
        db.session.commit()
        if time.monotonic() > ends:
            self.turn.let_go()
            return False
        return True

    def _batches(self) -> Iterator[list[Row]]:
        """Yield the rows behind the last batch, so many at a time as memory takes easily."""
        # A run that an earlier version began knows only its last line.
        rows = dropwhile(lambda row: row.line <= self.run.done_line, self.opened.rows)
        while batch := list(_handful(rows, self.most)):
            yield batch

    def _deal_with(self, batch: list[Row]) -> dict[str, Any]:
        """Judge a batch and write it down; return what is to be noted on the run."""
        header = self.opened.header
        read = [self.kind.read(row, header, self.now) for row in self.turn.politely(batch)]
        last = batch[-1]
        values: dict[str, Any] = {"done_line": last.line, "done_at": last.ends}
        values["next_line"] = last.next_line
        if notes := self._new(self.work.prepare(read)):
            values["notes"] = self.run.notes + notes
        plan_for_values()
        judge = self.work.judge(read)
        if self.turn.previews:
            verdicts = preview_batch(self.run, judge, batch, read, self.turn.politely)
        else:
            verdicts = run_batch(self.run, judge, batch, read, self.turn.politely)
        for outcome, counter in _COUNTS.items():
            values[counter.key] = counter + sum(one.outcome is outcome for one in verdicts)
        values["noted"] = ImportRun.noted + sum(one.has_notes for one in verdicts)
        return values

    def _new(self, notes: Sequence[Message]) -> list[dict[str, Any]]:
        stored = [note.stored() for note in notes]
        return [note for note in stored if note not in self.run.notes]


def _and_whether_last(batches: Iterator[list[Row]]) -> Iterator[tuple[list[Row], bool]]:
    """Yield each batch with whether it is the last; the one behind it is read beforehand."""
    batch = next(batches, None)
    while batch is not None:
        following = next(batches, None)
        yield batch, following is None
        batch = following


def _handful(rows: Iterator[Row], most: int) -> Iterator[Row]:
    size = 0
    for row in islice(rows, most):
        yield row
        size += sum(map(len, row.cells))
        if size > BATCH_CHARACTERS:
            return
