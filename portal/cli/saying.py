"""What every command shares: one plain sentence at the end, and a database that is ours."""

import sys
from pathlib import Path

import click
from flask import current_app

from portal.schema import SchemaTrouble, ensure_usable


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
