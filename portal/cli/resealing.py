"""Sealing the stored secrets anew, after a new key."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail, ready_database
from portal.schema import KEY_CHECK, SchemaTrouble, check_sealing_key
from portal.services import resealing


@click.command("reseal")
@with_appcontext
def reseal() -> None:
    """Seal every stored secret anew with the first of SEALING_KEYS. Ends with 1 if one is left."""
    ready_database()
    sealer = current_app.extensions["means"].sealer
    try:
        check_sealing_key(sealer)
    except SchemaTrouble as trouble:
        fail(str(trouble))
    done = resealing.reseal(sealer, (KEY_CHECK,))
    click.echo(f"{done.count} secrets are sealed with the first key.")
    for place in done.unopened:
        click.echo(f"No key opens {place}.")
    click.echo("Keep the old keys." if done.unopened else "The old keys can be taken out.")
    sys.exit(1 if done.unopened else 0)
