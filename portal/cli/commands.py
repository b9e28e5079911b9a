"""Every command there is. Whoever serves pages loads none of them."""

from flask import Flask

from portal.cli.backup import backup, restore
from portal.cli.books import balance_books
from portal.cli.components import list_components
from portal.cli.exporting import export_file
from portal.cli.importing import import_file
from portal.cli.moving import move_database
from portal.cli.people import people_group
from portal.cli.proofs import export_proofs
from portal.cli.resealing import reseal
from portal.cli.running import beat, practice, worker
from portal.cli.scanning import scan_file

COMMANDS = (
    people_group,
    worker,
    beat,
    practice,
    import_file,
    export_file,
    export_proofs,
    balance_books,
    list_components,
    move_database,
    backup,
    restore,
    reseal,
    scan_file,
)


def meet(app: Flask) -> None:
    """Let the flask command know the commands of the portal."""
    for command in COMMANDS:
        app.cli.add_command(command)
