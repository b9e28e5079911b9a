"""Balancing the books from the command line."""

import json
import sys
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import ready_database
from portal.services.issuing import books
from portal.services.issuing.books import Balance

# What the code calls otherwise than the page and docs/credly.md do.
_SAID = {"ghost": "gone", "drift": "differs"}


@click.command("books")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@with_appcontext
def balance_books(as_json: bool) -> None:
    """Compare every award with what Credly holds. Ends with 0 only when the books balance."""
    ready_database()
    found = books.balance(current_app.extensions["means"])
    if as_json:
        rows = [asdict(row) for row in found.rows]
        told = {"balanced": found.is_clean, "counts": found.counts(), "rows": rows}
        click.echo(json.dumps(told, indent=2))
    else:
        _tell(found)
    sys.exit(0 if found.is_clean else 1)


def _tell(found: Balance) -> None:
    for name, count in found.counts().items():
        click.echo(f"{_said(name):<20} {count:>7}")
    for row in found.rows:
        facts = {name: value for name, value in asdict(row).items() if value is not None}
        finding = facts.pop("finding")
        told = ", ".join(f"{name} {value}" for name, value in facts.items() if value != "")
        click.echo(f"{_said(finding)}: {told}")
    click.echo("The books balance." if found.is_clean else "The books do not balance.")


def _said(name: str) -> str:
    return _SAID.get(name, name.replace("_", " "))
