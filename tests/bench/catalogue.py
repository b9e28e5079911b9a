"""How quickly a whole catalogue comes in: `python -m tests.bench.catalogue [--database URL]`.

The made-up catalogue of tests/generated_catalogue.py in full size. Preview and import run in a
process of their own on a fresh portal; the bare loop of `catalogue_bare` runs before and after.
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

from flask import Flask

from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import ImportState
from portal.services.importing.catalogue import bundles
from portal.services.importing.running import run_next
from tests.bench.catalogue_bare import Bare
from tests.bench.import_child import peak
from tests.demo import processes
from tests.faults.databases import Blank
from tests.generated_catalogue import SMALL, Size, generate

MOST_BARE, MOST_MEMORY = 4.0, 200.0


def ours(app: Flask, file: Path) -> dict[str, float]:
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
    return {"preview": preview, "import": took, "failed": failed}


def bare(file: Path) -> dict[str, float]:
    """Bring it in with the bare loop; return the seconds."""
    began = time.perf_counter()
    rows = Bare(file).run()
    return {"import": time.perf_counter() - began, "rows": rows}


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
    with app.app_context():
        set_reading(False)
        told = bare(file) if kind == "bare" else ours(app, file)
    sys.stdout.write(json.dumps({**told, "peak": peak()}) + "\n")


def measured(blank: Blank, folder: Path, kind: str, file: Path) -> dict[str, float]:
    """Let a process do it in a portal of its own."""
    instance = folder / f"portal-{time.monotonic_ns()}"
    settings = blank.copy(instance)
    words = ("-m", "tests.bench.catalogue", "--child", kind, str(file))
    ran = processes.run(instance, *words, **settings)
    blank.drop(settings)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return json.loads(ran.stdout)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="tests.bench.catalogue", description=__doc__)
    parser.add_argument("--database", default="", help="a PostgreSQL address; else SQLite")
    parser.add_argument("--small", action="store_true", help="the size that tests use")
    parser.add_argument("--child", nargs=2, help="for its own processes")
    wishes = parser.parse_args()
    if wishes.child:
        child(wishes.child[0], Path(wishes.child[1]))
        return
    processes.PATIENCE = 3600.0
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    say = sys.stdout.write
    say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load}\n\n")
    say("| engine | rows | preview | import | bare | ratio | MiB | met |\n")
    say("| --- | --- | --- | --- | --- | --- | --- | --- |\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "catalogue.zip", SMALL if wishes.small else Size())
        blank = Blank(folder / "blank", wishes.database)
        kinds = ("bare", "ours", "bare")
        first, own, last = (measured(blank, folder, k, folder / "catalogue.zip") for k in kinds)
        blank.drop()
    loop = (first["import"] + last["import"]) / 2
    ratio = own["import"] / loop
    met = ratio <= MOST_BARE and own["peak"] <= MOST_MEMORY and not own["failed"]
    engine = "PostgreSQL" if wishes.database else "SQLite"
    say(
        f"| {engine} | {first['rows']:,.0f} | {own['preview']:.1f} s | {own['import']:.1f} s"
        f" | {loop:.1f} s | {ratio:.1f} | {own['peak']:.0f} | {'yes' if met else 'NO'} |\n"
    )


if __name__ == "__main__":
    main()
