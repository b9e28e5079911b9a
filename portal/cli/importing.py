"""Importing a file from the command line."""

import json
import sys
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail, ready_database
from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import from_stored
from portal.models import ImportRun, ImportState
from portal.services.importing import error_records, imports
from portal.services.importing.badges.kind import BADGES
from portal.services.importing.running import work_on
from portal.services.issuing import connections
from portal.wording import words

MOST_TOLD = 50


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--connection", "name", help="The connection whose templates the rows name.")
@click.option("--preview", is_flag=True, help="Only say what the file would change.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
def import_file(file: Path, name: str | None, preview: bool, as_json: bool) -> None:
    """Import a badge.csv. Ends with 0 when all is good, 1 with bad rows, 2 with a refused file."""
    ready_database()
    connection = connections.find_by_name(name) if name else None
    if name and connection is None:
        fail(f"There is no connection named {name}.")
    try:
        with file.open("rb") as stream:
            run = imports.upload(
                actor=None,
                stream=stream,
                file_name=file.name,
                kind=BADGES.name,
                connection_id=connection.id if connection else 0,
                means=current_app.extensions["means"],
                now=utc_now(),
            )
    except RuleBroken as broken:
        fail(words(broken.message))
    _work_off(run)
    if run.state is ImportState.READY and run.rows and not preview:
        imports.start(actor=None, run=run, now=utc_now())
        _work_off(run)
    _tell(run, as_json)
    good = (ImportState.READY, ImportState.DONE)
    sys.exit(2 if run.state not in good else 1 if run.failed else 0)


def _work_off(run: ImportRun) -> None:
    """Work until the run is previewed or done; a worker that has it is waited for."""
    while run.state in (ImportState.READING, ImportState.RUNNING):
        if not work_on(run.id, current_app.extensions["means"], utc_now()):
            time.sleep(0.2)
        db.session.rollback()
        db.session.refresh(run)


def _tell(run: ImportRun, as_json: bool) -> None:
    reason = words(from_stored(run.reason)) if run.reason else None
    notes = [words(from_stored(note)) for note in run.notes]
    names = ("rows", "new", "changed", "unchanged", "failed", "noted")
    counts = {name: getattr(run, name) for name in names}
    errors = [
        {"line": line, "column": column, "error": words(message)}
        for line, column, message in error_records.errors_of(run)
    ]
    if as_json:
        told = {"id": run.id, "state": run.state.value, **counts, "reason": reason}
        click.echo(json.dumps({**told, "notes": notes, "errors": errors}, indent=2))
        return
    click.echo(f"Import {run.id} is {run.state.value}.")
    for sentence in filter(None, [reason, *notes]):
        click.echo(sentence)
    click.echo(", ".join(f"{name}: {count}" for name, count in counts.items()))
    for one in errors[:MOST_TOLD]:
        where = f"line {one['line']}, {one['column']}" if one["column"] else f"line {one['line']}"
        click.echo(f"{where}: {one['error']}")
    if len(errors) > MOST_TOLD:
        click.echo(f"{len(errors) - MOST_TOLD} more errors; --json tells all of them.")
