"""Opening an uploaded file: its encoding, its separator, its columns, and then its rows."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from portal.messages import Message, say
from portal.services.importing.bytes_of_file import FileRefused, text_of
from portal.services.importing.columns import Header, Layout, read_header
from portal.services.importing.csv_rows import Place, Row, rows

MOST_ROWS = 1_000_000
SEPARATORS = (",", ";", "\t")
_OTHERS = ("|", ":")
_DECLARED = re.compile(r'\ufeff?"?sep=([^\r\n"])"?[ \t,;]*(?=[\r\n]|$)', re.IGNORECASE)
_ENOUGH = 1 << 16  # characters in which the first row is looked for


@dataclass(frozen=True)
class OpenFile:
    """What the beginning of a file says, and its rows to come. Raises FileRefused on the way."""

    encoding: str
    separator: str
    header: Header
    notes: tuple[Message, ...]
    rows: Iterator[Row]


def open_file(
    open_bytes: Callable[[], BinaryIO], layout: Layout, begins: Place | None = None
) -> OpenFile:
    """Read a file up to its first row. Raises FileRefused.

    With a place the rows are those from there on; what stands before it is not read again.
    """
    text = text_of(open_bytes)
    pieces = text.pieces(text.begins)
    head = _beginning(pieces)
    declared = _DECLARED.match(head)
    separator = declared[1] if declared else _separator_of(head, layout)
    if separator not in SEPARATORS:
        raise FileRefused(say("import_separator", separator=separator))
    start = Place(text.begins)
    found = rows(chain([head], pieces), separator, text.codec, start)
    notes: tuple[Message, ...] = ()
    if declared:
        next(found, None)
        shown = "TAB" if separator == "\t" else separator
        notes = (say("import_separator_line", separator=shown),)
    first = next(found, None)
    if first is None:
        raise FileRefused(say("import_empty"))
    header = read_header(first, layout)
    if begins:
        found = rows(text.pieces(begins.at), separator, text.codec, begins)
    return OpenFile(text.encoding, separator, header, (*notes, *header.notes), found)


def count_rows(rows_to_come: Iterable[Row]) -> int:
    """Read a file to its end, which proves its bytes and quotation marks. Raises FileRefused."""
    count = 0
    for count, _row in enumerate(rows_to_come, 1):
        if count > MOST_ROWS:
            raise FileRefused(say("import_too_many_rows", most=MOST_ROWS))
    return count


def _beginning(pieces: Iterator[str]) -> str:
    head = ""
    for piece in pieces:
        head += piece
        if len(head) >= _ENOUGH:
            break
    return head


def _separator_of(head: str, layout: Layout) -> str:
    """Return the separator with which the first row names most of the columns."""

    def merit(separator: str) -> tuple[int, int]:
        try:
            first = next(rows([head], separator), None)
        except FileRefused:
            return 0, 0
        return (layout.known_among(first.cells), len(first.cells)) if first else (0, 0)

    allowed = max(SEPARATORS, key=merit)
    other = max(_OTHERS, key=merit)
    # One column is always found with a wrong separator, when it stands alone.
    return other if merit(other)[0] > max(1, merit(allowed)[0]) else allowed
