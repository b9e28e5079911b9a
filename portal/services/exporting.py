"""CSV files that the portal writes: UTF-8 with a mark, every cell quoted and harmless."""

from collections.abc import Iterable, Iterator
from itertools import islice

from portal.services.importing.formulas import quoted

BYTE_ORDER_MARK = "\ufeff"
PIECE = 200


def csv_pieces(columns: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the file piece by piece; the first begins with the byte order mark."""
    yield BYTE_ORDER_MARK + quoted(columns)
    lines = map(quoted, rows)
    while piece := list(islice(lines, PIECE)):
        yield "".join(piece)
