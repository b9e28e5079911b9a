"""Entry point: `python app.py [--demo]`; `app:app` for gunicorn and the flask command."""

# ruff: noqa: E402 — a start rests before it loads the rest
import os

from portal.collecting import look_seldom, rest

rest()
# No moment here is told by the clock of the machine; Babel would open 600 files to find its zone.
os.environ.setdefault("TZ", "UTC")

import argparse
import sys
from pathlib import Path
from typing import Any

import click

from portal.config.reader import BadSetting
from portal.factory import create_app
from portal.later import later
from portal.schema import SchemaTrouble
from portal.serving import CannotServe, serve

commands = later("portal.cli.commands")
demo = later("portal.demo.running")
migrating = later("portal.migrating")

os.umask(0o077)  # what the portal makes is nobody else's to read, however wide its folder is

HERE = Path(__file__).resolve().parent


def instance_folder() -> Path:
    """Return where keys, database and pictures live: INSTANCE, or `instance` beside this file."""
    return Path(os.environ.get("INSTANCE") or HERE / "instance").resolve()


def main(arguments: list[str]) -> int:
    """Serve the portal, or the demo; return the exit code."""
    parser = argparse.ArgumentParser(prog="app.py", description="Serve the portal.")
    parser.add_argument("--demo", action="store_true", help="with demo data and practice Credly")
    wishes = parser.parse_args(arguments)
    try:
        if wishes.demo:
            demo.run_demo(os.environ, instance_folder() / "demo")
        else:
            serve(create_app(os.environ, instance_folder()))
    except (BadSetting, CannotServe, SchemaTrouble) as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def __getattr__(name: str) -> Any:
    """Build the app when gunicorn or flask asks for it, and not when this file is run."""
    if name != "app":
        raise AttributeError(name)
    try:
        built = create_app(os.environ, instance_folder())
    except BadSetting as trouble:
        sys.stderr.write(f"{trouble}\n")
        raise SystemExit(2) from None
    look_seldom()
    if click.get_current_context(silent=True):
        # This is the flask command, and `flask db` is one of Flask-Migrate's.
        commands.meet(built)
        migrating.meet(built)
    return built


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
