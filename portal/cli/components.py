"""The list of what the portal is built on, for whoever keeps an inventory."""

import json

import click
from flask.cli import with_appcontext

from portal.clock import utc_now
from portal.services.running.components import bill_of_materials


@click.command("sbom")
@with_appcontext
def list_components() -> None:
    """Print every installed package with version and licence, as CycloneDX JSON."""
    click.echo(json.dumps(bill_of_materials(utc_now()), indent=2))
