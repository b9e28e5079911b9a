"""Runs of imports on the command line: worked off while somebody watches, and told at the end."""

import sys
import time
from typing import Any

import click
from flask import current_app

from portal.clock import utc_now
from portal.extensions import db
from portal.messages import from_stored
from portal.models import ImportRun, ImportState
from portal.services.importing import error_records, imports
from portal.services.importing.running import Pace, work_on
from portal.wording import words

MOST_TOLD = 50
# Short turns, so that whoever watches sees it move.
PACE = Pace(seconds=0.5)
GOOD = (ImportState.READY, ImportState.DONE)
COUNTS = ("rows", "new", "changed", "unchanged", "failed", "noted")


def work_off(run: ImportRun) -> None:
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


def as_values(run: ImportRun) -> dict[str, Any]:
    """Return all that is to be said of a run, for JSON."""
    reason, notes = _told(run)
    told = {"id": run.id, "kind": run.kind, "state": run.state.value, "reason": reason}
    counts = {name: getattr(run, name) for name in COUNTS}
    ignored = {"notes": notes, "ignored": run.ignored, "errors": _errors(run)}
    return {**told, **counts, **ignored}


def tell(run: ImportRun) -> None:
    """Say how a run went, with its first errors."""
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
