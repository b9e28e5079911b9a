"""`python app.py --demo`: the portal over demo data, with practice Credly beside it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import click
from flask import Flask

from portal.config.settings import load_settings
from portal.demo.addresses import remember_host
from portal.demo.child import practice_credly
from portal.demo.organizations import LIBRARY
from portal.demo.people import PASSWORD, SIGN_INS
from portal.demo.seeding import is_seeded, seed
from portal.factory import create_app
from portal.serving import listen, prepare, serve

KEPT = {
    "PORT",
    "PORTAL_NAME",
    "PORTAL_LOGO",
    "BRAND_COLOUR",
    "TIME_ZONE",
    "CREDLY_RATE",
    "CREDLY_DEADLINE",
    "CREDLY_EXTRA_HOSTS",
    "WORKER_SLOTS",
}
# Whatever the portal on this machine is set to: the demo has its own data, and stays here. An
# empty word also keeps the file from being read that its _FILE form names.
FIXED = {
    "HOST": "127.0.0.1",
    "JOBS": "embedded",
    "DATABASE_URL": "",
    "SECRET_KEY": "",
    "SEALING_KEYS": "",
    "SMTP_HOST": "",
}


def run_demo(env: Mapping[str, str], instance: Path) -> None:
    """Serve the demo until it is stopped; what people did in it is there the next time.

    Raises BadSetting, SchemaTrouble, or CannotServe when a port or the folder is in use.
    """
    words = demo_words(env)
    settings = load_settings(words, instance)
    listener = listen(settings.host, settings.port)
    with listener, practice_credly(instance, settings.port + 1) as host:
        extra = " ".join([*settings.credly_extra_hosts, host])
        app = create_app({**words, "CREDLY_EXTRA_HOSTS": extra}, instance)
        prepare(app)
        with app.app_context():
            _fill(app, host)
        serve(app, listener=listener, announce=_announcement(app, host))


def demo_words(env: Mapping[str, str]) -> dict[str, str]:
    """Return the environment words the demo obeys; those that lead elsewhere are left out."""
    kept = {
        name: value
        for name, value in env.items()
        if name.removesuffix("_FILE") in KEPT or name.startswith("DELIVERY_")
    }
    return {**kept, **FIXED}


def _fill(app: Flask, host: str) -> None:
    remember_host(host)
    if not is_seeded():
        click.echo("Making the demo data; this takes a few seconds, the first time only.")
        seed(app.extensions["means"], host)


def _announcement(app: Flask, host: str) -> Callable[[], None]:
    settings = app.extensions["settings"]

    def announce() -> None:
        click.echo(f"\n{app.extensions['means'].portal_name} is at {settings.public_url}")
        click.echo(f"Practice Credly is at http://{host}\n")
        click.echo(f"Sign in with the password {PASSWORD} as")
        for person in SIGN_INS:
            click.echo(f"  {person.email:<26} {person.is_for}")
        click.echo("\nTo connect one more organisation yourself, use")
        for label, value in LIBRARY.form(host):
            click.echo(f"  {label:<26} {value}")
        click.echo("\nStop with Ctrl-C. Nothing here reaches the real Credly or sends mail.")

    return announce
