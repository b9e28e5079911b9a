"""What becomes of the rows of a catalogue's file: one judge for all of them, a keeper for each."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

from portal.models import Outcome
from portal.services.importing.catalogue.references import References
from portal.services.importing.catalogue.rows import CatalogueRow, Shape
from portal.services.importing.cell_rules import as_text
from portal.services.importing.file_kind import Errand, RowWork
from portal.services.importing.judging import Judge, Verdict
from portal.services.importing.passed import Passed


class Keeper(ABC):
    """How the things of one kind of file stand in the portal; made anew for each batch."""

    # Whether what `holds` says is looked for among earlier rows.
    exclusive = False

    def __init__(self, errand: Errand, references: References) -> None:
        self.errand, self.references = errand, references

    @abstractmethod
    def known(self, rows: Sequence[CatalogueRow]) -> dict[str, dict[str, Any]]:
        """Return what is there of these rows: by id, the values by column.

        Columns that are left out are not compared.
        """

    @abstractmethod
    def write(self, verdicts: Sequence[Verdict]) -> None:
        """Bring in the rows that are new or changed. Does not commit."""

    def check(self, row: CatalogueRow, passed: Passed) -> None:  # noqa: B027 — most need none
        """Note on the row what does not go with the portal, or with earlier rows."""

    def holds(self, _row: CatalogueRow) -> str | None:
        """Return what is kept with the row, for those after it: what its thing is of."""
        return None


class CatalogueJudge(Judge):
    """Judges the rows of a batch, and brings them in together."""

    def __init__(
        self,
        errand: Errand,
        shape: Shape,
        keeper: type[Keeper],
        batch: Sequence[CatalogueRow],
    ) -> None:
        self.id_column = shape.key[0]
        self.references = References(errand, shape, batch)
        self.keeper = keeper(errand, self.references)
        ids = {row.source_id for row in batch if row.source_id}
        held: set[str] = set()
        if self.keeper.exclusive:
            held = {one for row in batch if row.source_id and (one := self.keeper.holds(row))}
        super().__init__(Passed(errand.run, batch[0].line, ids, held))
        self._known = self.keeper.known([row for row in batch if row.source_id])
        self._aside: list[Verdict] = []

    def apply(self, verdict: Verdict) -> None:
        """Put the row aside; `finish` brings all of them in."""
        self._aside.append(verdict)

    def finish(self) -> None:
        """Bring in what was put aside."""
        if self._aside:
            self.keeper.write(self._aside)

    def _judged(self, row: CatalogueRow) -> Verdict:
        self.references.check(row)
        if not row.errors:
            self.keeper.check(row, self.passed)
        if row.errors:
            return Verdict(row, Outcome.ERROR)
        known = self._known.get(row.source_id or "")
        changes = {} if known is None else _changes(row, known)
        there = Outcome.CHANGED if changes else Outcome.UNCHANGED
        outcome = Outcome.NEW if known is None else there
        return Verdict(row, outcome, changes, holds=self.keeper.holds(row))


class CatalogueWork(RowWork):
    """Judges the rows of one kind of file; nobody else need be asked."""

    shape: Shape
    keeper: type[Keeper]

    def judge(self, rows: Sequence[CatalogueRow]) -> CatalogueJudge:
        """Return the judge of a batch."""
        return CatalogueJudge(self.errand, self.shape, self.keeper, rows)


def _changes(row: CatalogueRow, known: dict[str, Any]) -> dict[str, list[str | None]]:
    """Return what the row would change, column by column: the old value and the new."""
    pairs = {name: (old, row[name]) for name, old in known.items() if name in row.given}
    return {
        name: [shown(old), shown(new)]
        for name, (old, new) in pairs.items()
        if (old or None) != (new or None)
    }


def shown(value: Any) -> str | None:
    """Return a value as the file would say it."""
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return as_text(value)
    return str(value.value if isinstance(value, Enum) else value)[:255]


def rows_by(verdicts: Collection[Verdict], column: str) -> dict[Any, list[CatalogueRow]]:
    """Return the rows by their value in a column."""
    found: dict[Any, list[CatalogueRow]] = {}
    for one in verdicts:
        found.setdefault(one.row.values[column], []).append(one.row)
    return found
