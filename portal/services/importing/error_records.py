"""The error records: the bad rows as they were, each with its line, column and reason.

The file can be mended and uploaded again: the three columns are unknown there, and ignored.
"""

from collections.abc import Callable, Iterator

from sqlalchemy import select

from portal.extensions import db
from portal.messages import Message, from_stored
from portal.models import ImportRow, ImportRun, Outcome
from portal.services.importing.formulas import as_meant, quoted

ADDED = ["line", "column", "error"]
PIECE = 500
BYTE_ORDER_MARK = "\ufeff"


def written(run: ImportRun, words: Callable[[Message], str]) -> Iterator[str]:
    """Yield the file piece by piece. `words` turns a message into the reader's language."""
    columns = _without_added(run, run.columns)
    yield BYTE_ORDER_MARK + quoted([*columns, *ADDED])
    line = 0
    while rows := _next_rows(run, line):
        yield "".join(quoted(_record(run, row, words)) for row in rows)
        line = rows[-1].line


def errors_of(run: ImportRun) -> Iterator[tuple[int, str, Message]]:
    """Yield what is wrong, line by line: the line, the column and the reason."""
    line = 0
    while rows := _next_rows(run, line):
        for row in rows:
            for remark in row.remarks:
                yield row.line, remark["column"], from_stored(remark)
        line = rows[-1].line


def _next_rows(run: ImportRun, line: int) -> list[ImportRow]:
    query = (
        select(ImportRow)
        .where(ImportRow.import_run_id == run.id, ImportRow.outcome == Outcome.ERROR)
        .where(ImportRow.line > line)
        .order_by(ImportRow.line)
        .limit(PIECE)
    )
    return list(db.session.scalars(query))


def _record(run: ImportRun, row: ImportRow, words: Callable[[Message], str]) -> list[str]:
    width = len(run.columns)
    cells = [as_meant(cell) for cell in row.cells or []]
    own = [*cells[:width], *[""] * (width - len(cells))]
    # What is too much for a row goes behind everything, so that nothing is lost or shifted.
    return [*_without_added(run, own), *_said(row, words), *cells[width:]]


def _said(row: ImportRow, words: Callable[[Message], str]) -> list[str]:
    said = [(remark["column"], words(from_stored(remark))) for remark in row.remarks]
    columns = [column for column, _words in said if column]
    if len(said) == 1:
        return [str(row.line), "; ".join(columns), said[0][1]]
    told = [f"{column}: {text}" if column else text for column, text in said]
    return [str(row.line), "; ".join(columns), " ".join(told)]


def _without_added(run: ImportRun, cells: list[str]) -> list[str]:
    """Leave out what earlier error records added, or the second round could not be read."""
    return cells[: -len(ADDED)] if run.columns[-len(ADDED) :] == ADDED else cells
