"""Moving to another database."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail
from portal.moving import CannotMove, move
from portal.schema import SchemaTrouble


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
