"""Workers, and practice Credly on its own."""

import signal
import sys
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.cli.saying import fail
from portal.jobs.loop import Engine
from portal.later import later
from portal.logs import begin
from portal.schema import (
    SchemaTrouble,
    check_sealing_key,
    refuse_half_restored,
    upgrade_schema,
)
from portal.services.running.portal_settings import refresh

server = later("portal.practice.server")
celery = later("portal.jobs.celery")  # optional, and large


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Carry out background work until stopped; any number may run."""
    try:
        upgrade_schema(Path(current_app.instance_path))
        refuse_half_restored()
        check_sealing_key(current_app.extensions["means"].sealer)
        refresh(current_app.extensions["means"])
    except SchemaTrouble as trouble:
        fail(str(trouble))
    app, settings = current_app._get_current_object(), current_app.extensions["settings"]
    begin(settings.log_format)
    if settings.jobs == "celery":
        sys.exit(celery.run_worker(app, ready=_say_that_it_runs))
    engine = Engine(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_caught: engine.ask_to_stop())
    engine.start()
    _say_that_it_runs()
    engine.wait()
    engine.end_process()


def _say_that_it_runs() -> None:
    click.echo("The worker is running. Stop it with Ctrl-C.")


@click.command("beat")
@with_appcontext
def beat() -> None:
    """Tell Celery's workers each second to look what is due (JOBS=celery); any number may run."""
    settings = current_app.extensions["settings"]
    if settings.jobs != "celery":
        fail(f"JOBS is {settings.jobs!r}: only with 'celery' is there something to tell.")
    begin(settings.log_format)
    ready = partial(click.echo, "Beat is running. Stop it with Ctrl-C.")
    celery.run_beat(current_app._get_current_object(), ready=ready)


@click.command("practice")
@click.option("--port", default=5001, show_default=True, help="Port on this machine.")
@click.option("--database", type=click.Path(path_type=Path), help="Its own data file.")
@with_appcontext
def practice(port: int, database: Path | None) -> None:
    """Run practice Credly, the bundled imitation of Credly's API."""
    file = database or Path(current_app.instance_path) / "practice.db"

    def ready(number: int) -> None:
        click.echo(f"Practice Credly listens on http://127.0.0.1:{number}")

    try:
        server.serve(file, port=port, ready=ready)
    except OSError as exc:
        fail(f"Practice Credly cannot listen on port {port}: {exc.strerror}.")
