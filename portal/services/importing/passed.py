"""The rows of the same file that came before a batch, as far as the batch has to do with them."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import select

from portal.extensions import db
from portal.models import ImportRow, ImportRun, Outcome
from portal.services.in_bulk import among


class PassedRow(NamedTuple):
    """A row that came before: which thing it is about, and what that holds once it is in."""

    line: int
    source_id: str
    digest: str
    holds: str | None
    failed: bool


class Passed:
    """Earlier rows by their id, and by what their things hold."""

    def __init__(
        self, run: ImportRun, before: int, ids: Iterable[str], holds: Iterable[str] = ()
    ) -> None:
        """Read the rows above line `before` that have one of these ids or hold one of these."""
        self._rows: dict[str, PassedRow] = {}
        self._takers: dict[str, PassedRow] = {}
        for row in _kept(run, before, ids, holds):
            self.add(row)

    def add(self, row: PassedRow) -> None:
        """Remember a row for those that come after it; of an id only the first counts."""
        if row.source_id not in self._rows:
            self._rows[row.source_id] = row
            if row.holds and not row.failed:
                self._takers[row.holds] = row

    def first_of(self, source_id: str) -> PassedRow | None:
        """Return the earlier row with this id."""
        return self._rows.get(source_id)

    def taker_of(self, held: str, source_id: str) -> PassedRow | None:
        """Return an earlier row whose thing, another one, holds this."""
        row = self._takers.get(held)
        return row if row and row.source_id != source_id else None

    def has_let_go(self, held: str, source_id: str) -> bool:
        """Say whether an earlier row made this thing let go of what it held."""
        row = self._rows.get(source_id)
        return row is not None and not row.failed and row.holds != held


def _kept(run: ImportRun, before: int, ids: Iterable[str], holds: Iterable[str]) -> list[PassedRow]:
    row = ImportRow
    query = select(row.line, row.source_id, row.digest, row.holds, row.outcome)
    query = query.where(row.import_run_id == run.id, row.line < before)
    # Two questions, each with an index of its own: one with OR reads all rows of the run.
    asked = ((row.source_id, set(ids)), (row.holds, set(holds)))
    found = {
        line: PassedRow(line, source_id, digest, held, outcome is Outcome.ERROR)
        for column, wanted in asked
        if wanted
        for line, source_id, digest, held, outcome in db.session.execute(
            query.where(among(column, wanted))
        )
        if source_id
    }
    return [found[line] for line in sorted(found)]
