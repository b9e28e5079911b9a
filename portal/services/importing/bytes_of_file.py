"""From the bytes of an uploaded file to its text, piece by piece; what is no text is named."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from portal.messages import Message, say

PIECE = 1 << 16
_HEAD = 4096
_MARKS = (
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, ("UTF-8 with BOM", "utf-8")),
    (codecs.BOM_UTF16_LE, ("UTF-16", "utf-16-le")),
    (codecs.BOM_UTF16_BE, ("UTF-16", "utf-16-be")),
)
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",  # Excel before 2007
    b"\x1f\x8b",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\xfd7zXZ\x00",
    b"BZh9",
    b"\x28\xb5\x2f\xfd",  # zstd
)
_BINARIES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-", b"\x7fELF", b"{\\rtf")
_CONTROL = bytes(code for code in range(1, 32) if code not in b"\t\n\v\f\r\x1b")


class FileRefused(Exception):
    """The whole file is no good. `notes` are further things worth saying."""

    def __init__(self, message: Message, notes: tuple[Message, ...] = ()) -> None:
        super().__init__(message.code)
        self.message, self.notes = message, notes


class LineCount:
    """Counts the line breaks (LF, CRLF, CR) of a text that comes in pieces."""

    def __init__(self) -> None:
        self.line = 1
        self._ended_in_cr = False

    def pass_over(self, text: str) -> None:
        """Count the breaks of the next piece."""
        if not text:
            return
        self.line += text.count("\n") + text.count("\r") - text.count("\r\n")
        if self._ended_in_cr and text.startswith("\n"):
            self.line -= 1
        self._ended_in_cr = text.endswith("\r")


@dataclass(frozen=True)
class Text:
    """The text of a file: how it is encoded, and its pieces from any place on."""

    encoding: str
    codec: str
    begins: int  # behind the mark, if there is one
    open: Callable[[], BinaryIO]

    def pieces(self, at: int) -> Iterator[str]:
        """Yield the text from byte `at` on; only one piece is in memory.

        Raises FileRefused for the first bad byte.
        """
        return _pieces(self, at)


def text_of(open_bytes: Callable[[], BinaryIO]) -> Text:
    """Return what kind of text a file is. Raises FileRefused for what is no text at all."""
    with open_bytes() as file:
        head = file.read(_HEAD)
    _refuse_other_kinds(head)
    for mark, found in _MARKS:
        if head.startswith(mark):
            if found is None:
                raise FileRefused(say("import_utf16_unmarked"))
            return Text(*found, len(mark), open_bytes)
    return Text("UTF-8", "utf-8", 0, open_bytes)


def _refuse_other_kinds(head: bytes) -> None:
    if not head:
        raise FileRefused(say("import_empty"))
    if head.startswith(_ARCHIVES):
        raise FileRefused(say("import_spreadsheet"))
    if head.startswith(_BINARIES) or (head.startswith(b"MZ") and b"\0" in head):
        raise FileRefused(say("import_binary"))
    if head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise FileRefused(say("import_web_page"))
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _refuse_nul_among(head)


def _refuse_nul_among(head: bytes) -> None:
    """Tell what NULs between the first bytes mean; a single one in a text is named by its line."""
    many = len(head) > 3 and head.count(0) * 5 >= len(head)
    if many and _is_wide(head):
        raise FileRefused(say("import_utf16_unmarked"))
    if many or len(head.translate(None, _CONTROL)) < len(head):
        raise FileRefused(say("import_binary"))


def _is_wide(head: bytes) -> bool:
    """Whether the NULs stand as in UTF-16 or UTF-32: in every second byte, and few between."""
    fewer, more = sorted((head[::2].count(0), head[1::2].count(0)))
    return fewer * 10 <= more * 6


def _pieces(text_file: Text, at: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(text_file.codec)("strict")
    lines = LineCount()
    with text_file.open() as file:
        file.seek(at)
        data = b" "
        while data:
            data = file.read(PIECE)
            offset = at - len(decoder.getstate()[0])
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as exc:
                lines.pass_over(exc.object[: exc.start].decode(text_file.codec))
                offset += exc.start
                values = {"encoding": text_file.encoding, "offset": offset, "line": lines.line}
                raise FileRefused(say("import_bad_byte", **values)) from None
            _refuse_nul(text, lines)
            lines.pass_over(text)
            at += len(data)
            if text:
                yield text


def _refuse_nul(text: str, lines: LineCount) -> None:
    before, nul, _after = text.partition("\0")
    if nul:
        lines.pass_over(before)
        raise FileRefused(say("import_nul", line=lines.line))
