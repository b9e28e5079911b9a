"""Strict CSV, row by row: a broken quotation mark never swallows what comes after it.

The standard library's reader takes a missing closing mark for one huge cell without a word, and
counts rows instead of the lines of the file; hence this small one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from portal.messages import say
from portal.services.importing.bytes_of_file import FileRefused

LONGEST_ROW = 1 << 20  # characters

_BREAK = re.compile(r"(\r\n|\n|\r)")
_INSIDE = re.compile(r'[^"]*(?:""[^"]*)*')  # up to a quotation mark that stands alone


class Row(NamedTuple):
    """A row of the file; `line` is where it begins, counted in the file from 1.

    What follows begins at byte `ends` of the file, in line `next_line`.
    """

    line: int
    cells: list[str]
    stray_quote: bool = False
    ends: int = 0
    next_line: int = 0


class Place(NamedTuple):
    """Where a row begins: the byte of the file, and the line."""

    at: int = 0
    line: int = 1


START = Place()


def rows(
    pieces: Iterable[str], separator: str, codec: str = "utf-8", begins: Place = START
) -> Iterator[Row]:
    """Yield the rows of a text that begins at this place, blank ones left out.

    Line breaks are LF, CRLF or CR; inside a quoted cell they are kept as they are. Raises
    FileRefused.
    """
    blanks = f" \t{separator}"
    unfinished: _Unfinished | None = None
    at = begins.at
    for line, (text, ending) in enumerate(_lines(pieces, begins.line), begins.line):
        at += _size_of(text, codec) + _size_of(ending, codec)
        if unfinished is None:
            if '"' not in text:
                if text.strip(blanks):
                    yield Row(line, text.split(separator), False, at, line + 1)
                continue
            unfinished = _Unfinished(line, separator)
        if unfinished.take(text, ending, line):
            if any(cell.strip() for cell in unfinished.cells):
                cells, stray = unfinished.cells, unfinished.stray_quote
                yield Row(unfinished.line, cells, stray, at, line + 1)
            unfinished = None
    if unfinished is not None:
        raise FileRefused(say("import_quote_open", line=unfinished.quote_line))


def _size_of(text: str, codec: str) -> int:
    """Return how many bytes a text takes in the file."""
    if codec == "utf-8" and text.isascii():
        return len(text)
    return len(text.encode(codec))


def _lines(pieces: Iterable[str], line: int) -> Iterator[tuple[str, str]]:
    """Yield each line with the break that ends it."""
    rest = ""
    for piece in pieces:
        rest += piece
        held = "\r" if rest.endswith("\r") else ""  # the next piece may begin with its LF
        *parts, last = _BREAK.split(rest[: len(rest) - len(held)])
        yield from zip(parts[::2], parts[1::2], strict=True)
        line += len(parts) // 2
        rest = last + held
        _refuse_long(len(rest), line)
    if rest:
        text = rest.removesuffix("\r")
        yield text, rest[len(text) :]


def _refuse_long(size: int, line: int) -> None:
    if size > LONGEST_ROW:
        raise FileRefused(say("import_row_too_long", line=line, most=LONGEST_ROW))


class _Unfinished:
    """A row with quoted cells, which may go on over several lines."""

    def __init__(self, line: int, separator: str) -> None:
        self.line, self.separator = line, separator
        self.cells: list[str] = []
        self.stray_quote = False
        self.quote_line = line
        self._quoted: list[str] | None = None  # the pieces of the cell that is open
        self._size = 0

    def take(self, text: str, ending: str, line: int) -> bool:
        """Take the next line; say whether the row ends with it."""
        self._size += len(text) + len(ending)
        _refuse_long(self._size, self.line)
        at = 0
        while True:
            if self._quoted is not None:
                at = self._close(self._quoted, text, at)
                if at < 0:
                    self._quoted.append(ending)
                    return False
                if at == len(text):
                    return True
                if not text.startswith(self.separator, at):
                    raise FileRefused(say("import_quote_broken", line=self.quote_line))
                at += 1
            if text.startswith('"', at):
                self._quoted, self.quote_line = [], line
                at += 1
                continue
            end = text.find(self.separator, at)
            cell = text[at:] if end < 0 else text[at:end]
            self.stray_quote = self.stray_quote or '"' in cell
            self.cells.append(cell)
            if end < 0:
                return True
            at = end + 1

    def _close(self, quoted: list[str], text: str, at: int) -> int:
        """Read the open cell on; return where it ends, or -1 if not in this line."""
        inside = _INSIDE.match(text, at)
        end = inside.end() if inside else at
        quoted.append(text[at:end])
        if end == len(text):
            return -1
        self.cells.append("".join(quoted).replace('""', '"'))
        self._quoted = None
        return end + 1
