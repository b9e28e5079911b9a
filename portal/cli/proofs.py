"""The public pages as files: proof that stays readable when the portal is switched off."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from flask.testing import FlaskClient

from portal.cli.saying import fail, ready_database
from portal.services.issuing import public_pages

# What a page needs of the portal to look as it does: style sheets, scripts, pictures.
NEEDED = re.compile(r"""(?:href|src)="((?:/static/|/brand\.css|/pictures/|/manifest\.)[^"#]*)\"""")


@click.command("export-proofs")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def export_proofs(folder: Path) -> None:
    """Write every public page that is turned on into FOLDER, as a site of plain files.

    The pages keep their addresses, so that any web server can go on showing them. They say what was
    true when they were written.
    """
    ready_database()
    if folder.exists() and any(folder.iterdir()):
        fail(f"{folder} is not empty. Give the name of a new folder.")
    reader, seen, pages = current_app.test_client(), set(), 0
    for key in public_pages.every_key():
        html = _fetch(reader, f"/b/{key}")
        card = _fetch(reader, f"/b/{key}/card.png")
        if html is None or card is None:
            continue  # turned off in the meantime
        _write(folder / "b" / key / "index.html", html)
        _write(folder / "b" / key / "card.png", card)
        for address in set(NEEDED.findall(html.decode())) - seen:
            seen.add(address)
            _keep(reader, folder, address)
        pages += 1
    click.echo(f"Wrote {pages} public {'page' if pages == 1 else 'pages'} to {folder}.")


def _keep(reader: FlaskClient, folder: Path, address: str) -> None:
    """Write what a page needs, under its own address."""
    content = _fetch(reader, address)
    if content is not None:
        _write(folder / urlsplit(address).path.lstrip("/"), content)


def _fetch(reader: FlaskClient, address: str) -> bytes | None:
    """Ask the portal itself, as a stranger would."""
    means = current_app.extensions["means"]
    with reader.get(address, base_url=means.public_url) as answer:
        return answer.get_data() if answer.status_code == 200 else None


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
