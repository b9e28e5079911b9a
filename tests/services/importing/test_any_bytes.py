"""Whatever bytes are sent, a file is refused or read; nothing else ever happens."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as some

from portal.clock import utc_now
from portal.services.importing.badges.rows import LAYOUT, read_row
from portal.services.importing.bytes_of_file import FileRefused
from portal.services.importing.csv_rows import rows
from portal.services.importing.opening import open_file
from tests.services.importing.conftest import HEADER, file_of

LIKE_CSV = some.text("ab\"\r\n,;\t'=é\u200b\0\\", max_size=300)
CELLS = some.lists(some.text('a"\r\n,é', max_size=5), min_size=2, max_size=4)


def outcome(content: bytes) -> str:
    """How a file ends: refused, or with rows that fail, are noted or are right."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(content)
        try:
            opened = open_file(lambda: path.open("rb"), LAYOUT)
            read = [read_row(row, opened.header, utc_now()) for row in opened.rows]
        except FileRefused:
            return "FILE"
    if any(row.errors for row in read):
        return "ROW"
    return "NOTE" if any(row.notes for row in read) else "OK"


@settings(max_examples=150, deadline=None)
@given(some.binary(max_size=65536))
def test_any_bytes_end_in_one_of_four_ways(content):
    assert outcome(content) in {"FILE", "ROW", "NOTE", "OK"}


@settings(max_examples=150, deadline=None)
@given(LIKE_CSV)
def test_any_text_below_a_good_header_ends_in_one_of_four_ways(text):
    assert outcome(file_of(text, header=HEADER)) in {"FILE", "ROW", "NOTE", "OK"}


@settings(max_examples=150, deadline=None)
@given(some.lists(CELLS, min_size=1, max_size=5), some.integers(1, 7))
def test_quoted_cells_come_back_exactly_however_the_text_is_cut(table, size):
    lines = (",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table)
    text = "\n".join(lines)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    wanted = [row for row in table if any(cell.strip() for cell in row)]
    assert [row.cells for row in rows(pieces, ",")] == wanted


@settings(max_examples=100, deadline=None)
@given(some.text('a"\r\n,', max_size=60), some.integers(1, 5))
def test_lines_are_counted_the_same_however_the_text_is_cut(text, size):
    def read(pieces):
        try:
            return [(row.line, row.cells) for row in rows(pieces, ",")]
        except FileRefused as refused:
            return refused.message

    assert read([text[at : at + size] for at in range(0, len(text), size)]) == read([text])
