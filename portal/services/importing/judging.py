"""What becomes of a row: new, changed, unchanged or an error; for the preview and the run alike."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from portal.models import Outcome
from portal.services.importing.passed import Passed, PassedRow
from portal.services.importing.source_rows import SourceRow


@dataclass
class Verdict:
    """The outcome of a row, and what it would change: column → the old value and the new.

    `holds` is what only one thing may have and this row's gets, such as a template; kinds add
    what they need to bring the row in.
    """

    row: SourceRow
    outcome: Outcome
    changes: dict[str, list[str | None]] = field(default_factory=dict)
    holds: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the row stays out."""
        return self.outcome is Outcome.ERROR

    @property
    def has_notes(self) -> bool:
        """Whether there is something to look at, though the row goes in."""
        return not self.failed and bool(self.row.notes)

    def stored(self, cells: list[str]) -> dict[str, Any]:
        """Return what the kept row says of it; the cells only where they have to be mended."""
        remarks = self.row.errors if self.failed else self.row.notes
        return {
            "outcome": self.outcome,
            "holds": None if self.failed else self.holds,
            "noted": self.has_notes,
            "changes": self.changes,
            "remarks": [{"column": column, **said.stored()} for column, said in remarks],
            "cells": cells if self.failed else None,
        }


class Judge(ABC):
    """Judges the rows of one batch in their order, and brings them in. Callers commit."""

    # The column that says which thing a row is about.
    id_column = "id"

    def __init__(self, passed: Passed) -> None:
        self.passed = passed

    def verdict(self, row: Any) -> Verdict:
        """Return what becomes of the row, and remember it for those that follow."""
        verdict = self._of_twice(row) or self._judged(row)
        self.remember(verdict)
        return verdict

    def remember(self, verdict: Verdict) -> None:
        """Let the rows that follow know of this one."""
        row = verdict.row
        if row.source_id:
            holds = None if verdict.failed else verdict.holds
            one = PassedRow(row.line, row.source_id, row.digest, holds, verdict.failed)
            self.passed.add(one)

    @abstractmethod
    def apply(self, verdict: Any) -> None:
        """Bring a row in whose verdict is new or changed."""

    def finish(self) -> None:
        """Write what `apply` has put aside, so that many rows go in with one statement."""
        return

    @abstractmethod
    def _judged(self, row: Any) -> Verdict:
        """Return what becomes of a row beside what the portal has."""

    def _of_twice(self, row: SourceRow) -> Verdict | None:
        """The same row again counts once; with other content it is refused."""
        first = self.passed.first_of(row.source_id) if row.source_id else None
        if first and first.digest == row.digest and not first.failed:
            row.notes = []
            row.note(self.id_column, "import_id_repeated", line=first.line)
            return Verdict(row, Outcome.UNCHANGED)
        if first and first.digest != row.digest:
            row.error(self.id_column, "import_id_twice", line=first.line)
        if row.errors or row.source_id is None:
            return Verdict(row, Outcome.ERROR)
        return None
