"""Files going out in the form in which they come in: what was exported can be imported again."""

from collections.abc import Iterator
from itertools import islice

from portal.services.importing.columns import Layout
from portal.services.importing.error_records import BYTE_ORDER_MARK
from portal.services.importing.file_kind import FileKind
from portal.services.importing.formulas import quoted

PIECE = 500


def written(kind: FileKind) -> Iterator[str]:
    """Yield the file piece by piece: all that the portal has of this kind."""
    return lines_of(kind.layout, kind.export())


def lines_of(layout: Layout, rows: Iterator[list[str]]) -> Iterator[str]:
    """Yield these rows as a file, piece by piece."""
    yield BYTE_ORDER_MARK + quoted(list(layout.columns))
    while piece := list(islice(rows, PIECE)):
        yield "".join(map(quoted, piece))
