"""The run itself: verdicts are brought in, and the kept rows say how it went. Callers commit."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, bindparam, cast, select, update

from portal.extensions import db
from portal.models import ImportRow, ImportRun, Outcome
from portal.services.importing.csv_rows import Row
from portal.services.importing.judging import Judge, Verdict
from portal.services.importing.source_rows import SourceRow
from portal.traffic import Politely

_JSON = ("changes", "remarks")
_EMPTY = {list: "[]", dict: "{}"}
_SAID = ("outcome", "holds", "noted", *_JSON)


def run_batch(
    run: ImportRun,
    judge: Judge,
    batch: Sequence[Row],
    read: Sequence[SourceRow],
    politely: Politely,
) -> list[Verdict]:
    """Bring a batch in. What the preview called an error stays out, whatever changed since."""
    kept = _previewed(run, read[0].line, read[-1].line)
    verdicts, otherwise = [], []
    for row, source in zip(politely(read), batch, strict=True):
        previewed = kept[row.line]
        if previewed["outcome"] is Outcome.ERROR:
            verdict = Verdict(row, Outcome.ERROR)
            judge.remember(verdict)
        else:
            verdict = judge.verdict(row)
            if verdict.outcome in (Outcome.NEW, Outcome.CHANGED):
                judge.apply(verdict)
            stored = verdict.stored(source.cells)
            if any(previewed[name] != _told(name, stored[name]) for name in _SAID):
                otherwise.append({"of_line": row.line, **stored})
        verdicts.append(verdict)
    judge.finish()
    _say_otherwise(run, otherwise)
    return verdicts


def _previewed(run: ImportRun, first: int, last: int) -> dict[int, dict[str, Any]]:
    """Return what the preview said of each line, without making objects of the rows."""
    said = (getattr(ImportRow, name) for name in _SAID)
    # What is JSON is compared as it is stored: to read it would take longer than all else here.
    columns = [ImportRow.line, *(cast(one, Text) if _is_json(one) else one for one in said)]
    where = (ImportRow.import_run_id == run.id, ImportRow.line.between(first, last))
    found = db.session.execute(select(*columns).where(*where))
    return {line: dict(zip(_SAID, said, strict=True)) for line, *said in found}


def _is_json(column: Any) -> bool:
    return column.key in _JSON


def _told(name: str, value: Any) -> Any:
    """Return a value as the database keeps it. Told otherwise, it is only written once more."""
    if name not in _JSON:
        return value
    return json.dumps(value) if value else _EMPTY[type(value)]


def _say_otherwise(run: ImportRun, rows: list[dict[str, Any]]) -> None:
    """Write down what went otherwise than the preview said: hardly ever many rows."""
    if not rows:
        return
    table = ImportRow.__table__
    mine = (table.c.import_run_id == run.id) & (table.c.line == bindparam("of_line"))
    values = {name: bindparam(name) for name in (*_SAID, "cells")}
    db.session.execute(update(table).where(mine).values(**values), rows)
