"""Commands for whoever runs the portal: `flask --app app …`."""

import signal
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.jobs.loop import Engine
from portal.models import Role
from portal.practice.server import serve
from portal.schema import SchemaTrouble, ensure_usable, upgrade_schema
from portal.services.people import people
from portal.wording import words


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


commands = [people_group, worker, practice]
