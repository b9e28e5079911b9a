"""People from the command line."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail, ready_database
from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Role
from portal.services.people import people, second_factor
from portal.wording import words


@click.group("people")
def people_group() -> None:
    """Add people."""


@people_group.command("reset-second-factor")
@click.argument("email")
@with_appcontext
def reset_second_factor(email: str) -> None:
    """Take the second factor of somebody who lost it away, and sign them out."""
    ready_database()
    person = people.find(email)
    if person is None or person.second_factor_at is None:
        fail(f"Nobody with the address {email} has a second factor.", 1)
    second_factor.reset(actor=None, person=person, now=utc_now())
    click.echo(f"{person.email} signs in with the password alone until they set up a new one.")


@people_group.command("add")
@click.argument("email")
@click.option("--first", "first_name", required=True, help="First name.")
@click.option("--last", "last_name", required=True, help="Last name.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice(["admin", "integration_admin", "author", "learner"]),
    help="May be given several times; learner means none of the others.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def add_person(
    email: str, first_name: str, last_name: str, roles: tuple[str, ...], password_stdin: bool
) -> None:
    """Add a person; without a password, print a one-time link to hand over."""
    ready_database()
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    kept = {Role(role) for role in roles if role != "learner"}
    try:
        person = people.add(
            email=email, first_name=first_name, last_name=last_name, roles=kept, password=password
        )
        click.echo(f"Added {person.email}.")
        if password is None:
            code = people.invite(person, utc_now())
            click.echo("Hand this link over; it works once, for seven days:")
            click.echo(f"{current_app.config['PUBLIC_URL']}/invitation/{code}")
    except RuleBroken as broken:
        fail(words(broken.message), 1)
