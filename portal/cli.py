"""Commands for whoever runs the portal: `flask --app app …`."""

import json
import signal
import sys
import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.extensions import db
from portal.jobs.loop import Engine
from portal.messages import from_stored
from portal.models import ImportRun, ImportState, Role
from portal.moving import CannotMove, move
from portal.practice.server import serve
from portal.schema import SchemaTrouble, check_sealing_key, ensure_usable, upgrade_schema
from portal.services.importing import error_records, imports
from portal.services.importing.running import work_on
from portal.services.issuing import connections
from portal.services.people import people
from portal.wording import words

MOST_TOLD = 50


def fail(sentence: str, code: int = 2) -> None:
    """Say one plain sentence and end."""
    click.echo(sentence, err=True)
    sys.exit(code)


def ready_database() -> None:
    """Make a database that is not there yet; refuse one of another shape."""
    try:
        ensure_usable(Path(current_app.instance_path))
    except SchemaTrouble as trouble:
        fail(str(trouble))


@click.group("people")
def people_group() -> None:
    """Add people."""


@people_group.command("add")
@click.argument("email")
@click.option("--first", "first_name", required=True, help="First name.")
@click.option("--last", "last_name", required=True, help="Last name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(["admin", "integration_admin", "author", "learner"]),
    help="May be given several times; learner means none of the others.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def add_person(
    email: str, first_name: str, last_name: str, roles: tuple[str, ...], password_stdin: bool
) -> None:
    """Add a person; without a password, print a one-time link to hand over."""
    ready_database()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    kept = {Role(role) for role in roles if role != "learner"}
    try:
        person = people.add(
            email=email, first_name=first_name, last_name=last_name, roles=kept, password=password
        )
        click.echo(f"Added {person.email}.")
        if password is None:
            code = people.invite(person, utc_now())
            click.echo("Hand this link over; it works once, for seven days:")
            click.echo(f"{current_app.config['PUBLIC_URL']}/invitation/{code}")
    except RuleBroken as broken:
        fail(words(broken.message), 1)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Carry out background work until stopped; any number may run."""
    try:
        upgrade_schema(Path(current_app.instance_path))
        check_sealing_key(current_app.extensions["means"].sealer)
    except SchemaTrouble as trouble:
        fail(str(trouble))
    engine = Engine(current_app._get_current_object())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_caught: engine.ask_to_stop())
    engine.start()
    click.echo("The worker is running. Stop it with Ctrl-C.")
    engine.wait()
    engine.stop()


@click.command("practice")
@click.option("--port", default=5001, show_default=True, help="Port on this machine.")
@click.option("--database", type=click.Path(path_type=Path), help="Its own data file.")
@with_appcontext
def practice(port: int, database: Path | None) -> None:
    """Run practice Credly, the bundled imitation of Credly's API."""
    file = database or Path(current_app.instance_path) / "practice.db"

    def ready(number: int) -> None:
        click.echo(f"Practice Credly listens on http://127.0.0.1:{number}")

    try:
        serve(file, port=port, ready=ready)
    except OSError as exc:
        fail(f"Practice Credly cannot listen on port {port}: {exc.strerror}.")


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


@click.command("move-database")
@click.option("--to", "address", required=True, help="An empty database, as in DATABASE_URL.")
@with_appcontext
def move_database(address: str) -> None:
    """Copy this SQLite portal to another database, whole or not at all. Stop the portal first."""
    try:
        moved = move(address, Path(current_app.instance_path))
    except (CannotMove, SchemaTrouble) as trouble:
        fail(str(trouble))
    width = max(len(one.name) for one in moved)
    for one in moved:
        click.echo(f"{one.name:<{width}} {one.rows:>9}")
    click.echo(f"{'all':<{width}} {sum(one.rows for one in moved):>9}")
    click.echo("Everything arrived. Set DATABASE_URL to the new address and start the portal.")


commands = [people_group, worker, practice, import_file, move_database]
