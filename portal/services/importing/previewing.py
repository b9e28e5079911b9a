"""The preview: the whole file is read, and every row is judged; nothing else is touched."""

from collections.abc import Sequence

from portal.messages import say
from portal.models import ImportRow, ImportRun
from portal.services.importing.columns import Layout
from portal.services.importing.csv_rows import Row
from portal.services.importing.judging import Judge, Verdict
from portal.services.importing.opening import count_rows, open_file
from portal.services.importing.source_rows import LONGEST_NAME, SourceRow
from portal.services.importing.sources import Source
from portal.services.in_bulk import insert_all
from portal.traffic import Politely

MOST_IGNORED = 100
MOST_NAMED = 5


def survey(source: Source, layout: Layout, politely: Politely = iter) -> dict[str, object]:
    """Read a file to its end; return what the run has to know of it. Raises FileRefused.

    Whatever is wrong with the file as a whole is found here, before any row is judged.
    """
    opened = open_file(source.open, layout)
    count = count_rows(politely(opened.rows))
    notes = opened.notes if count else (*opened.notes, say("import_no_rows"))
    if source.unread:
        notes = (*notes, say("import_zip_unread", files=_named(source.unread)))
    return {
        "member": source.member,
        "encoding": opened.encoding,
        "separator": opened.separator,
        "columns": opened.header.names,
        "ignored": [name[:LONGEST_NAME] for name in opened.header.ignored[:MOST_IGNORED]],
        "notes": [note.stored() for note in notes],
        "rows": count,
    }


def _named(paths: Sequence[str]) -> str:
    named = ", ".join(path.rpartition("/")[2][:LONGEST_NAME] for path in paths[:MOST_NAMED])
    return named if len(paths) <= MOST_NAMED else f"{named} …"


def preview_batch(
    run: ImportRun,
    judge: Judge,
    batch: Sequence[Row],
    read: Sequence[SourceRow],
    politely: Politely,
) -> list[Verdict]:
    """Judge a batch and write down what would become of each row. The caller commits."""
    verdicts = [judge.verdict(row) for row in politely(read)]
    pairs = zip(politely(verdicts), batch, strict=True)
    written = [_row_of(run, verdict, row.cells) for verdict, row in pairs]
    insert_all(ImportRow.__table__, written)
    return verdicts


def _row_of(run: ImportRun, verdict: Verdict, cells: list[str]) -> dict[str, object]:
    """Return the columns of a row as it is kept."""
    row = verdict.row
    return {
        "import_run_id": run.id,
        "line": row.line,
        "source_id": row.source_id,
        "name": row.name[:LONGEST_NAME],
        "digest": row.digest,
        **verdict.stored(cells),
    }
