"""Exporting badges and people from the command line."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail, ready_database
from portal.extensions import db
from portal.services import audit
from portal.services.importing import exporting
from portal.services.importing.badges import with_pictures
from portal.services.importing.kinds import KINDS


@click.command("export")
@click.argument("what", type=click.Choice(["badges", "people"]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@with_appcontext
def export_file(what: str, file: Path, replace: bool) -> None:
    """Write all badges or all people to FILE, as `import` takes them; - is the console.

    Badges into a .zip go with their pictures. A file of people is readable for its owner alone.
    """
    ready_database()
    if file.suffix.lower() == ".zip" and what == "badges":
        pieces: Iterable[bytes] = with_pictures.zipped(current_app.extensions["means"])
    else:
        if what == "people":
            audit.note("export.people")
            db.session.commit()
        pieces = (piece.encode() for piece in exporting.written(KINDS[what]))
    if str(file) == "-":
        for piece in pieces:
            click.echo(piece, nl=False)
    elif file.exists() and not replace:
        fail(f"{file} is there already. Give another name, or --replace.")
    else:
        _write(file, pieces)
        click.echo(f"Wrote {file}.")


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    """Write beside the place and rename, so that nobody ever finds half a file."""
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")  # for its owner alone
    except OSError as exc:
        fail(f"{file} cannot be written: {exc.strerror}.")
    try:
        with os.fdopen(handle, "wb") as written:
            written.writelines(pieces)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
