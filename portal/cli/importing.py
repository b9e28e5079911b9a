"""Importing a file from the command line."""

import json
import sys
import time
from pathlib import Path
from typing import Any

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
from portal.services.importing.recognising import kind_of
from portal.services.importing.running import Pace, work_on
from portal.services.issuing import connections
from portal.wording import words

MOST_TOLD = 50
# Short turns, so that whoever watches sees it move.
PACE = Pace(seconds=0.5)
GOOD = (ImportState.READY, ImportState.DONE)
COUNTS = ("rows", "new", "changed", "unchanged", "failed", "noted")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--connection", "name", help="The connection whose templates the rows name.")
@click.option("--preview", is_flag=True, help="Only say what the file would change.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
def import_file(file: Path, name: str | None, preview: bool, as_json: bool) -> None:
    """Import a badge.csv, a zip of it with its pictures, or a people.csv.

    The columns say which it is. Ends with 0 when all is good, 1 with bad rows, 2 with a refused
    file. On a terminal it says how far it is.
    """
    ready_database()
    try:
        run = _upload(file, name)
    except RuleBroken as broken:
        if as_json:
            click.echo(json.dumps({"state": "refused", "reason": words(broken.message)}, indent=2))
        fail(words(broken.message))
    _work_off(run)
    if run.state is ImportState.READY and run.rows and not preview:
        imports.start(actor=None, run=run, now=utc_now())
        _work_off(run)
    (_tell_json if as_json else _tell)(run)
    sys.exit(2 if run.state not in GOOD else 1 if run.failed else 0)


def _upload(file: Path, name: str | None) -> ImportRun:
    connection = connections.find_by_name(name) if name else None
    if name and connection is None:
        fail(f"There is no connection named {name}.")
    with file.open("rb") as stream:
        return imports.upload(
            actor=None,
            stream=stream,
            file_name=file.name,
            kind=kind_of(file).name,
            connection_id=connection.id if connection else 0,
            means=current_app.extensions["means"],
            now=utc_now(),
        )


def _work_off(run: ImportRun) -> None:
    """Work until the run is previewed or done; a worker that has it is waited for."""
    verb = "Previewing" if run.state is ImportState.READING else "Importing"
    while run.state in imports.WORKING:
        if not work_on(run.id, current_app.extensions["means"], utc_now(), PACE):
            time.sleep(0.2)
        db.session.rollback()
        db.session.refresh(run)
        _show(f"{verb}: {run.dealt_with} of {run.rows} rows")
    _show("")


def _show(progress: str) -> None:
    """Write over the line before, where somebody watches; a file gets nothing of it."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{progress}", err=True, nl=False)


def _errors(run: ImportRun) -> list[dict[str, Any]]:
    return [
        {"line": line, "column": column, "error": words(message)}
        for line, column, message in error_records.errors_of(run)
    ]


def _told(run: ImportRun) -> tuple[str | None, list[str]]:
    """Return why it stopped, if it did, and what is to be said about the file."""
    reason = words(from_stored(run.reason)) if run.reason else None
    return reason, [words(from_stored(note)) for note in run.notes]


def _tell_json(run: ImportRun) -> None:
    reason, notes = _told(run)
    told = {"id": run.id, "kind": run.kind, "state": run.state.value, "reason": reason}
    counts = {name: getattr(run, name) for name in COUNTS}
    ignored = {"notes": notes, "ignored": run.ignored, "errors": _errors(run)}
    click.echo(json.dumps({**told, **counts, **ignored}, indent=2))


def _tell(run: ImportRun) -> None:
    reason, notes = _told(run)
    click.echo(f"Import {run.id} is {run.state.value}.")
    for sentence in filter(None, [reason, *notes]):
        click.echo(sentence)
    if run.ignored:
        click.echo(f"Ignored columns: {', '.join(run.ignored)}")
    click.echo(", ".join(f"{name}: {getattr(run, name)}" for name in COUNTS))
    errors = _errors(run)
    for one in errors[:MOST_TOLD]:
        where = f"line {one['line']}, {one['column']}" if one["column"] else f"line {one['line']}"
        click.echo(f"{where}: {one['error']}")
    if len(errors) > MOST_TOLD:
        click.echo(f"{len(errors) - MOST_TOLD} more errors; --json tells all of them.")
