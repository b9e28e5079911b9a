"""One import in a process of its own: `python -m tests.bench.import_child bare|ours FILE`.

Says as JSON how long it took and how much memory the process had at its fullest. The portal is the
one of INSTANCE and DATABASE_URL, as for every command.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from flask import Flask

from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import ImportRun, ImportState
from portal.services.importing import imports
from portal.services.importing.running import work_on
from tests.bench.import_files import bare_loop


def ours(app: Flask, file: Path) -> dict[str, float]:
    """Preview the file and bring it in, as the command does; return the seconds of each."""
    means = app.extensions["means"]
    with file.open("rb") as stream:
        run = imports.upload(
            actor=None,
            stream=stream,
            file_name=file.name,
            kind="badges",
            connection_id=0,
            means=means,
            now=utc_now(),
        )
    preview = _work_off(app, run)
    assert run.state is ImportState.READY, run.reason
    imports.start(actor=None, run=run, now=utc_now())
    took = _work_off(app, run)
    assert (run.state, run.failed) == (ImportState.DONE, 0), run.reason
    return {"preview": preview, "import": took}


def _work_off(app: Flask, run: ImportRun) -> float:
    started = time.perf_counter()
    while run.state in imports.WORKING:
        work_on(run.id, app.extensions["means"], utc_now())
        db.session.rollback()
        db.session.refresh(run)
    return time.perf_counter() - started


def bare(file: Path) -> dict[str, float]:
    """Bring the file in with the bare loop; return the seconds."""
    started = time.perf_counter()
    bare_loop(file)
    return {"import": time.perf_counter() - started}


def peak() -> float:
    """Return the most memory this process ever had, in MiB."""
    # Not getrusage: that counts what the parent had when it started us.
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = status.read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1024


def main(kind: str, file: Path) -> None:
    """Do it and tell."""
    app = create_app(os.environ, Path(os.environ["INSTANCE"]))
    with app.app_context():
        set_reading(False)
        told = bare(file) if kind == "bare" else ours(app, file)
    sys.stdout.write(json.dumps({**told, "peak": peak()}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
