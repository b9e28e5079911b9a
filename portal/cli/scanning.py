"""Trying the malware scanner, as it is asked about what people hand in."""

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail, ready_database
from portal.scanning import Verdict
from portal.services import handed_in

_SAID = {
    Verdict.CLEAN: "Clean: it would be let in.",
    Verdict.FOUND: "It found something: the file would be refused.",
}
_CODES = {Verdict.CLEAN: 0, Verdict.FOUND: 1}


@click.command("scan")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def scan_file(file: Path) -> None:
    """Ask the malware scanner about a FILE, and show what it says.

    Ends with 0 for clean, 1 for something found, 2 where the scanner does not work.
    """
    ready_database()
    scanner = current_app.extensions["means"].scanner
    if scanner is None:
        fail("No scanner is set: SCAN_COMMAND names one.")
    with file.open("rb") as stream:
        answer = handed_in.ask(stream, scanner, aloud=True)
    if answer.verdict is Verdict.ENDED:
        fail(f"It ended with {answer.code}, which is neither clean (0) nor something found (1).")
    if answer.verdict not in _SAID:
        fail(f"It gave no answer ({answer.verdict.value}).")
    click.echo(_SAID[answer.verdict])
    sys.exit(_CODES[answer.verdict])
