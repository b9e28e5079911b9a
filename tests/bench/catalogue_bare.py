"""The yardstick of importing a catalogue: the same files into the same tables, and no questions.

What a script of some hundred lines would do in an empty portal: the standard library's `csv`, ids
counted by itself, and upserts of Core in chunks of 1,000 rows, each its own transaction. What the
portal finds out, it is told in files of their own (`catalogue_files`): which attempts are over,
and the credits, levels and awards of that. It writes as many rows into each table as the portal,
the records of each row of a file among them, but checks nothing and shows nothing beforehand.
"""

import csv
import io
import zipfile
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from portal.clock import utc_now
from portal.extensions import db
from tests.bench.catalogue_files import FILES, FOLLOWS
from tests.bench.catalogue_rows import Rows

CHUNK = 1000


@cache
def upsert(table: str, columns: tuple[str, ...]) -> Any:
    """Return the statement that writes these columns, whether the row is there or not."""
    kind = sqlite if db.engine.dialect.name == "sqlite" else postgresql
    insert = kind.insert(db.metadata.tables[table])
    keys = [one.name for one in insert.table.primary_key]
    written = {name: insert.excluded[name] for name in columns if name not in keys}
    if not written:
        return insert.on_conflict_do_nothing()
    return insert.on_conflict_do_update(index_elements=keys, set_=written)


class Bare:
    """The loop."""

    def __init__(self, path: Path) -> None:
        self.path, self.archive, self.rows = path, zipfile.ZipFile(path), Rows()

    def run(self) -> int:
        """Bring all files in; return how many rows they have."""
        rows = 0
        for name in FILES:
            with self.archive.open(f"{name}.csv") as file:
                text = io.TextIOWrapper(file, "utf-8-sig", newline="")
                rows += self._bring_in(name, csv.DictReader(text))
        for name in FOLLOWS:
            with (self.path.parent / f"{name}.csv").open(encoding="utf-8", newline="") as text:
                self._bring_in(name, csv.DictReader(text))
        return rows

    def _bring_in(self, name: str, reader: Any) -> int:
        run = next(self.rows.numbers)
        if name in FILES:
            one = {"id": run, "kind": name[:32], "file_name": name, "due": utc_now()}
            self._write([("import_run", one)])
        line = 1
        while chunk := list(islice(reader, CHUNK)):
            found: list[tuple[str, dict[str, Any]]] = []
            for row in chunk:
                line += 1
                found += getattr(self.rows, name, self.rows.nothing)(row)
                if name in FILES:
                    found += self.rows.recorded(name, run, line, row)
            self._write(found)
        return line - 1

    def _write(self, rows: list[tuple[str, dict[str, Any]]]) -> None:
        found: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = {}
        for table, values in rows:
            found.setdefault((table, tuple(values)), []).append(values)
        for (table, columns), values in found.items():
            db.session.execute(upsert(table, columns), values)
        db.session.commit()
