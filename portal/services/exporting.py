"""CSV files that the portal writes: UTF-8 with a mark, every cell quoted and harmless."""

from collections.abc import Iterable, Iterator

from portal.services.importing.formulas import quoted

BYTE_ORDER_MARK = "\ufeff"


def csv_pieces(columns: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    """Yield the file line by line; the first piece begins with the byte order mark."""
    yield BYTE_ORDER_MARK + quoted(columns)
    for row in rows:
        yield quoted(row)
