"""Rows as they were understood: what every kind of file does with its cells.

Nothing here asks the database; the judges do.
"""

import hashlib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from portal.messages import Message, say
from portal.services.importing import cell_rules
from portal.services.importing.columns import Header
from portal.services.importing.csv_rows import Row
from portal.services.importing.formulas import as_meant

LONGEST_CELL = 8190
LONGEST_ID = LONGEST_NAME = 255
Remark = tuple[str, Message]  # the column and what is to be said


@dataclass
class SourceRow:
    """A row as it was understood; each kind adds the values of its own columns.

    `given` are the columns that the file has; `source_id` is what makes the row the row of one
    thing, and `name` what people call that thing. Two rows with the same `digest` say the same.
    """

    line: int
    given: frozenset[str]
    digest: str = ""
    source_id: str | None = None
    name: str = ""
    errors: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def error(self, column: str, code: str, **values: object) -> None:
        """Note why the row is refused."""
        self.errors.append((column, say(code, **values)))

    def note(self, column: str, code: str, **values: object) -> None:
        """Note what is worth a look."""
        self.notes.append((column, say(code, **values)))


def cells_of(row: Row, header: Header) -> dict[str, str]:
    """Return the cells of all columns that the layout has; empty where the file has none."""
    cells, width = row.cells, len(row.cells)
    found = header.empty.copy()
    for name, place in header.places.items():
        if place < width and (cell := cells[place]):
            found[name] = as_meant(cell) if cell[0] == "'" else cell
    return found


def digest_of(cells: dict[str, str]) -> str:
    """Return a short text that is the same for rows that say the same."""
    content = "\0".join(map(str.strip, cells.values()))  # no cell holds a NUL
    content = unicodedata.normalize("NFC", content)  # one code point or two: seen as the same
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def check_shape(read: SourceRow, row: Row, header: Header) -> bool:
    """Say whether the cells stand where they should; note on the row what does not."""
    found, wanted = len(row.cells), len(header.names)
    if found != wanted:
        read.error("", "import_row_cells", found=found, wanted=wanted)
    if row.stray_quote:
        read.error("", "import_row_quote")
    if max(map(len, row.cells)) <= LONGEST_CELL:
        return not read.errors
    for name, cell in zip(header.names, row.cells, strict=False):
        if len(cell) > LONGEST_CELL:
            read.error(name[:LONGEST_NAME], "import_cell_too_long", most=LONGEST_CELL)
    return not read.errors


def read_id(read: SourceRow, column: str, text: str) -> None:
    """Take the id that the source knows the thing by."""
    if not cell_rules.can_be_seen(text):
        read.error(column, "import_cell_missing")
    elif len(text) > LONGEST_ID:
        read.error(column, "import_cell_too_long", most=LONGEST_ID)
    else:
        read.source_id = text
        if cell_rules.may_be_of_a_spreadsheet(text):
            read.note(column, "import_id_spreadsheet")


def read_moment(
    read: SourceRow, column: str, cells: dict[str, str], now: datetime, *, needed: bool
) -> datetime | None:
    """Return the moment in a column; what is wrong with it is noted on the row."""
    text = cells[column].strip()
    if not text:
        if needed:
            read.error(column, "import_cell_missing")
        return None
    moment = cell_rules.moment_of(text)
    if moment is None:
        read.error(column, "import_date")
    elif not cell_rules.EARLIEST <= moment <= cell_rules.LATEST:
        read.error(column, "import_date_range")
    elif moment > now:
        read.note(column, "import_date_future")
    return moment
