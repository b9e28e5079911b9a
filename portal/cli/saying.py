"""What every command shares: one plain sentence at the end, and a database that is ours."""

import sys
from pathlib import Path

import click
from flask import current_app

from portal.models import Channel
from portal.schema import SchemaTrouble, ensure_usable
from portal.services import audit
from portal.services.running.portal_settings import refresh


def fail(sentence: str, code: int = 2) -> None:
    """Say one plain sentence and end."""
    click.echo(sentence, err=True)
    sys.exit(code)


def by_command() -> None:
    """Let the audit say, until this command ends, that a command did it."""
    audit.acts(audit.Doer(Channel.COMMAND))
    click.get_current_context().call_on_close(lambda: audit.acts(audit.THE_PORTAL))


def ready_database() -> None:
    """Make a database that is not there yet; refuse one of another shape.

    Whatever is written down from now on was done by a command.
    """
    by_command()
    try:
        ensure_usable(Path(current_app.instance_path))
    except SchemaTrouble as trouble:
        fail(str(trouble))
    refresh(current_app.extensions["means"])
