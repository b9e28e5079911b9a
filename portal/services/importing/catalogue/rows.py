"""What a file of a catalogue looks like, and its rows as they were understood."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from portal.services.importing.catalogue.cells import Column
from portal.services.importing.columns import Header, Layout
from portal.services.importing.csv_rows import Row
from portal.services.importing.source_rows import (
    LONGEST_ID,
    SourceRow,
    cells_of,
    check_shape,
    digest_of,
)

BETWEEN = " · "  # the parts of an id that is made of several


@dataclass
class CatalogueRow(SourceRow):
    """A row of a file of a catalogue: its values by column, and the cells we have no use for."""

    values: dict[str, Any] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, column: str) -> Any:
        """Return the value of a column."""
        return self.values[column]


@dataclass(frozen=True)
class Shape:
    """The columns of one kind of file, and which of them say what a row is about.

    `check` looks at a row as a whole. `links` are references that several columns make up: the
    column to name in an error, the kind of file, and the columns.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    label: str | None = None
    check: Callable[[CatalogueRow], None] | None = None
    links: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    # Where the file is called otherwise: a run keeps no name of more than 32 letters.
    file: str | None = None

    @cached_property
    def layout(self) -> Layout:
        """The columns by their names."""
        names = tuple(one.name for one in self.columns)
        return Layout(names, tuple(one.name for one in self.columns if one.needed))

    @cached_property
    def references(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Everything that rows refer to: the column, the kind of file, the columns of the id."""
        own = [(one.name, one.refers_to, (one.name,)) for one in self.columns if one.refers_to]
        return [*own, *self.links]

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return self.file or f"{self.name}.csv"

    def read(self, row: Row, header: Header, now: datetime) -> CatalogueRow:
        """Check every cell of a row; all that is wrong with it is said at once."""
        read = CatalogueRow(row.line, header.given)
        cells = cells_of(row, header)
        read.digest = digest_of(cells)
        if not check_shape(read, row, header):  # the cells may stand in wrong places
            return read
        for one in self.columns:
            cell = cells[one.name].strip()
            read.values[one.name] = value = one.read(read, one.name, cell)
            if one.needed and not cell:
                read.error(one.name, "import_cell_missing")
            elif isinstance(value, datetime) and value > now:
                read.note(one.name, "import_date_future")
        read.kept = _kept(row, header)
        parts = [read.values[name] for name in self.key]
        if None not in parts and "" not in parts:
            read.source_id = id_of(*parts)
        read.name = str(read.values.get(self.label or "") or "")
        if self.check and not read.errors:
            self.check(read)
        return read


def id_of(*parts: object) -> str:
    """Return the id of a thing whose parts make it up; a long one becomes shorter, the same way."""
    whole = BETWEEN.join(map(str, parts))
    if len(whole) <= LONGEST_ID:
        return whole
    return whole[:180] + "…" + hashlib.sha256(whole.encode()).hexdigest()


def _kept(row: Row, header: Header) -> dict[str, str]:
    """Return the cells of columns that we have no use for, as they stand.

    Addresses of people are left out: they would outlast the people here.
    """
    cells = row.cells
    return {
        name: cell for name, place in header.unused if (cell := cells[place]) and "@" not in cell
    }
