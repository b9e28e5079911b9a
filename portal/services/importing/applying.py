"""The run itself: verdicts are brought in, and the kept rows say how it went. Callers commit."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.extensions import db
from portal.models import ImportRow, ImportRun, Outcome
from portal.services.importing.csv_rows import Row
from portal.services.importing.judging import Judge, Verdict
from portal.services.importing.source_rows import SourceRow


def run_batch(
    run: ImportRun, judge: Judge, batch: Sequence[Row], read: Sequence[SourceRow]
) -> list[Verdict]:
    """Bring a batch in. What the preview called an error stays out, whatever changed since."""
    where = (ImportRow.import_run_id == run.id, ImportRow.line.between(read[0].line, read[-1].line))
    kept = {row.line: row for row in db.session.scalars(select(ImportRow).where(*where))}
    verdicts = []
    for row, source in zip(read, batch, strict=True):
        previewed = kept[row.line]
        if previewed.outcome is Outcome.ERROR:
            verdict = Verdict(row, Outcome.ERROR)
            judge.remember(verdict)
        else:
            verdict = judge.verdict(row)
            if verdict.outcome in (Outcome.NEW, Outcome.CHANGED):
                judge.apply(verdict)
            for name, value in verdict.stored(source.cells).items():
                setattr(previewed, name, value)
        verdicts.append(verdict)
    judge.finish()
    return verdicts
