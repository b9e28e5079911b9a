"""How quickly a whole catalogue comes in: `python -m tests.bench.catalogue [--database URL]`.

The made-up catalogue of tests/generated_catalogue.py in full size. Preview and import run in a
process of their own on a fresh portal, three times; the bare loop of `catalogue_bare` between them
writes as many rows into the same tables. The middle one of each counts. `--postgresql` starts a
durable server of its own.
"""

import argparse
import csv
import io
import json
import os
import sys
import tempfile
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask

from portal.clock import utc_now
from portal.collecting import look_seldom
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import ImportState
from portal.services.importing.catalogue import bundles
from portal.services.importing.running import run_next
from tests import postgres
from tests.bench.catalogue_bare import Bare
from tests.bench.catalogue_files import counts, tell
from tests.bench.import_child import peak
from tests.demo import processes
from tests.faults.databases import Blank
from tests.generated_catalogue import SMALL, Size, generate

MOST_BARE, MOST_MEMORY = 4.0, 200.0
TIMES = 3


def ours(app: Flask, file: Path) -> dict[str, Any]:
    """Preview the catalogue and bring it in; return the seconds of each."""
    means = app.extensions["means"]
    with file.open("rb") as stream:
        made = bundles.upload(
            actor=None, stream=stream, file_name=file.name, means=means, now=utc_now()
        )
    number, began = made.id, time.perf_counter()
    while run_next(means, utc_now()):
        db.session.remove()
    preview = time.perf_counter() - began
    catalogue = bundles.get(number)
    assert catalogue.state is ImportState.READY
    bundles.start(actor=None, catalogue=catalogue, issues=False, now=utc_now())
    began = time.perf_counter()
    while run_next(means, utc_now()):
        db.session.remove()
    took = time.perf_counter() - began
    catalogue = bundles.get(number)
    assert catalogue.state is ImportState.DONE
    failed = sum(run.failed for run in catalogue.runs)
    told = {"preview": preview, "import": took, "failed": failed, "peak": peak()}
    tell(file.parent)
    return told


def bare(file: Path) -> dict[str, Any]:
    """Bring it in with the bare loop; return the seconds."""
    began = time.perf_counter()
    rows = Bare(file).run()
    return {"import": time.perf_counter() - began, "rows": rows, "peak": peak()}


def write(path: Path, size: Size) -> None:
    """Write the zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in generate(size).items():
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            archive.writestr(f"{name}.csv", text.getvalue())


def child(kind: str, file: Path) -> None:
    """One of them, in this process; says as JSON how it went."""
    app = create_app(os.environ, Path(os.environ["INSTANCE"]))
    look_seldom()  # as app.py does
    with app.app_context():
        set_reading(False)
        told = bare(file) if kind == "bare" else ours(app, file)
        told["tables"] = counts()
    sys.stdout.write(json.dumps(told) + "\n")


def measured(blank: Blank, folder: Path, kind: str, file: Path) -> dict[str, Any]:
    """Let a process do it in a portal of its own."""
    instance = folder / f"portal-{time.monotonic_ns()}"
    settings = blank.copy(instance)
    words = ("-m", "tests.bench.catalogue", "--child", kind, str(file))
    ran = processes.run(instance, *words, **settings)
    blank.drop(settings)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)


def measure(blank: Blank, folder: Path, file: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the portal took, and what the bare loop did: of three times the middle one."""
    own, bare_ones = [], []
    for _time in range(TIMES):
        own.append(measured(blank, folder, "ours", file))
        bare_ones.append(measured(blank, folder, "bare", file))
    tables, others = own[0]["tables"], bare_ones[0]["tables"]
    unlike = {one: (tables[one], others[one]) for one in tables if tables[one] != others[one]}
    # The portal has its key, the zip and who brought it in and started it.
    assert unlike.keys() <= {"setting", "catalogue_import", "audit_entry"}, unlike
    own.sort(key=lambda one: one["preview"] + one["import"])
    bare_ones.sort(key=lambda one: one["import"])
    most = max(one["peak"] for one in own)
    failed = sum(one["failed"] for one in own)
    return own[TIMES // 2] | {"peak": most, "failed": failed}, bare_ones[TIMES // 2]


def line(engine: str, own: dict[str, Any], loop: dict[str, Any]) -> str:
    """Return one line of the table."""
    ratio = (own["preview"] + own["import"]) / loop["import"]
    met = ratio <= MOST_BARE and own["peak"] <= MOST_MEMORY and not own["failed"]
    written = sum(loop["tables"].values())
    return (
        f"| {engine} | {loop['rows']:,.0f} | {written:,} | {own['preview']:.2f} s"
        f" | {own['import']:.2f} s | {loop['import']:.2f} s | {ratio:.1f} | {own['peak']:.0f}"
        f" | {'yes' if met else 'NO'} |\n"
    )


def show(server: str, size: Size) -> None:
    """Measure on this server (none: on SQLite), and print the table."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    say = sys.stdout.write
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load}\n\n")
    say("| engine | rows | written | preview | import | bare | ratio | MiB | met |\n")
    say("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "catalogue.zip", size)
        blank = Blank(folder / "blank", server)
        try:
            own, loop = measure(blank, folder, folder / "catalogue.zip")
        finally:
            blank.drop()
    say(line("PostgreSQL" if server else "SQLite", own, loop))


def main() -> None:
    """Read the wishes, and do them."""
    parser = argparse.ArgumentParser(prog="tests.bench.catalogue", description=__doc__)
    parser.add_argument("--database", default="", help="a PostgreSQL address; else SQLite")
    parser.add_argument("--postgresql", action="store_true", help="a server of its own")
    parser.add_argument("--small", action="store_true", help="the size that tests use")
    parser.add_argument("--child", nargs=2, help="for its own processes")
    wishes = parser.parse_args()
    if wishes.child:
        child(wishes.child[0], Path(wishes.child[1]))
        return
    processes.PATIENCE = 3600.0
    size = SMALL if wishes.small else Size()
    if not wishes.postgresql:
        show(wishes.database, size)
        return
    try:
        show(postgres.start(postgres.LIKE_IN_EARNEST), size)
    finally:
        postgres.stop(postgres.LIKE_IN_EARNEST)


if __name__ == "__main__":
    main()
