"""Exporting badges, people and the whole catalogue from the command line."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail, ready_database
from portal.errors import RuleBroken
from portal.extensions import db
from portal.services import audit
from portal.services.importing import exporting
from portal.services.importing.badges import with_pictures
from portal.services.importing.catalogue import packing
from portal.services.importing.kinds import KINDS
from portal.wording import words

ONE_FILE = ("badges", "people")


@click.command("export")
@click.argument("what")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@with_appcontext
def export_file(what: str, file: Path | None, replace: bool) -> None:
    """Write the whole catalogue to a folder, or `badges` or `people` to FILE; - is the console.

    `export DIR` writes every file of a catalogue, with its records, into a folder that is new or
    empty. All of it can be imported again. Badges into a .zip go with their pictures. What is
    written is readable for its owner alone.
    """
    ready_database()
    if file is None:
        _write_catalogue(Path(what))
        return
    if what not in ONE_FILE:
        fail(f"{what} is neither badges nor people.")
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


def _write_catalogue(folder: Path) -> None:
    if folder.name in ONE_FILE and not folder.exists():
        fail(f"Say to which file: export {folder.name} FILE.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            fail(f"{folder} is not empty. Give a folder that is new or empty.")
        names = packing.write_to(folder, current_app.extensions["means"])
    except RuleBroken as broken:
        fail(words(broken.message))
    except OSError as exc:
        fail(f"{folder} cannot be written: {exc.strerror}.")
    click.echo(f"Wrote {len(names)} files to {folder}.")


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
