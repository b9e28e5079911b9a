"""Importing a file, or a zipped catalogue, from the command line."""

import json
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.runs import GOOD, as_values, tell, work_off
from portal.cli.saying import fail, ready_database
from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import ImportRun, ImportState
from portal.services.importing import imports
from portal.services.importing.catalogue import bundles
from portal.services.importing.recognising import kind_of
from portal.services.issuing import connections
from portal.wording import words


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--connection", "name", help="The connection whose templates the rows name.")
@click.option("--preview", is_flag=True, help="Only say what the file would change.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("--issue", is_flag=True, help="Of a catalogue: issue what its history earns, too.")
@with_appcontext
def import_file(file: Path, name: str | None, preview: bool, as_json: bool, issue: bool) -> None:
    """Import a badge.csv, a zip of it with its pictures, a people.csv, or a zipped catalogue.

    The columns say which it is. Ends with 0 when all is good, 1 with bad rows, 2 with a refused
    file. On a terminal it says how far it is.
    """
    ready_database()
    try:
        if bundles.is_catalogue(file):
            _import_catalogue(file, name, preview, as_json, issue)
            return
        run = _upload(file, name)
    except RuleBroken as broken:
        if as_json:
            click.echo(json.dumps({"state": "refused", "reason": words(broken.message)}, indent=2))
        fail(words(broken.message))
    work_off(run)
    if run.state is ImportState.READY and run.rows and not preview:
        imports.start(actor=None, run=run, now=utc_now())
        work_off(run)
    if as_json:
        click.echo(json.dumps(as_values(run), indent=2))
    else:
        tell(run)
    sys.exit(2 if run.state not in GOOD else 1 if run.failed else 0)


def _import_catalogue(
    file: Path, name: str | None, preview: bool, as_json: bool, issue: bool
) -> None:
    """Bring in every file of a zip, one after the other."""
    means, vouching = current_app.extensions["means"], _connection_id(name)
    with file.open("rb") as stream:
        catalogue = bundles.upload(
            actor=None,
            stream=stream,
            file_name=file.name,
            connection_id=vouching,
            means=means,
            now=utc_now(),
        )
    for run in catalogue.runs:
        work_off(run)
    if catalogue.state is ImportState.READY and not preview:
        bundles.start(actor=None, catalogue=catalogue, issues=issue, now=utc_now())
        for run in catalogue.runs:
            work_off(run)
    if as_json:
        told = {"id": catalogue.id, "files": [as_values(run) for run in catalogue.runs]}
        click.echo(json.dumps(told | {"left_over": catalogue.left_over}, indent=2))
    else:
        for run in catalogue.runs:
            click.echo(f"\n{run.member}")
            tell(run)
        if catalogue.left_over:
            named = ", ".join(catalogue.left_over)
            click.echo(f"\nThe portal has no use for these files: {named}.")
    bad = any(run.state not in GOOD for run in catalogue.runs)
    sys.exit(2 if bad else 1 if any(run.failed for run in catalogue.runs) else 0)


def _upload(file: Path, name: str | None) -> ImportRun:
    with file.open("rb") as stream:
        return imports.upload(
            actor=None,
            stream=stream,
            file_name=file.name,
            kind=kind_of(file).name,
            connection_id=_connection_id(name),
            means=current_app.extensions["means"],
            now=utc_now(),
        )


def _connection_id(name: str | None) -> int:
    connection = connections.find_by_name(name) if name else None
    if name and connection is None:
        fail(f"There is no connection named {name}.")
    return connection.id if connection else 0
