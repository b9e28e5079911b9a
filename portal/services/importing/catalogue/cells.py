"""Single cells of a catalogue's files: each reader returns a value, or notes what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.services.importing import cell_rules
from portal.services.importing.addresses import address_of
from portal.services.importing.columns import key_of
from portal.services.importing.source_rows import LONGEST_ID, SourceRow

Reader = Callable[[SourceRow, str, str], Any]
FLAGS = {"true": True, "false": False}


@dataclass(frozen=True)
class Column:
    """A column that we have a use for. `refers_to` is the kind of file whose id it holds."""

    name: str
    read: Reader
    needed: bool = False
    refers_to: str | None = None


def text(most: int) -> Reader:
    """A text of at most so many characters; the spaces around it were taken off."""

    def read(row: SourceRow, column: str, cell: str) -> str:
        if len(cell) > most:
            row.error(column, "import_cell_too_long", most=most)
        return cell

    return read


def number(least: int, most: int) -> Reader:
    """A whole number within bounds; None for an empty cell."""

    def read(row: SourceRow, column: str, cell: str) -> int | None:
        if not cell:
            return None
        plain = cell.isascii() and cell.isdigit() and len(cell) <= len(str(most))
        if not plain or not least <= int(cell) <= most:
            row.error(column, "import_number", least=least, most=most)
            return None
        return int(cell)

    return read


def flag(row: SourceRow, column: str, cell: str) -> bool:
    """TRUE or FALSE in any case; an empty cell is no."""
    if cell and cell.casefold() not in FLAGS:
        row.error(column, "import_choice", known="TRUE, FALSE")
    return FLAGS.get(cell.casefold(), False)


def choice(words: Mapping[str, Any], otherwise: Any = None) -> Reader:
    """One of these words, whatever its case; `otherwise` for an empty cell."""
    by_key = {key_of(word): meant for word, meant in words.items()}

    def read(row: SourceRow, column: str, cell: str) -> Any:
        if not cell:
            return otherwise
        if cell in words:  # as nearly every file has it
            return words[cell]
        if key_of(cell) not in by_key:
            row.error(column, "import_choice", known=", ".join(words))
        return by_key.get(key_of(cell))

    return read


def moment(row: SourceRow, column: str, cell: str) -> datetime | None:
    """A moment in the published form."""
    if not cell:
        return None
    found = cell_rules.moment_of(cell)
    if found is None:
        row.error(column, "import_date")
    elif not cell_rules.EARLIEST <= found <= cell_rules.LATEST:
        row.error(column, "import_date_range")
    return found


def identifier(row: SourceRow, column: str, cell: str) -> str | None:
    """The source's id of a thing."""
    if len(cell) > LONGEST_ID:
        row.error(column, "import_cell_too_long", most=LONGEST_ID)
    elif cell and not cell_rules.can_be_seen(cell):
        row.error(column, "import_cell_missing")
    return cell or None


def email(row: SourceRow, column: str, cell: str) -> str | None:
    """The address of a person, in its one stored form."""
    if not cell:
        return None
    address, wrong = address_of(cell)
    if wrong:
        row.error(column, wrong)
    return address
