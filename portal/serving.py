"""Serving: the schema is upgraded, the embedded jobs start, waitress answers, all ends cleanly."""

import errno
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask
from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer

from portal.clock import utc_now
from portal.collecting import look_seldom
from portal.jobs.loop import Engine
from portal.logs import begin
from portal.schema import (
    SchemaTrouble,
    check_sealing_key,
    refuse_half_restored,
    upgrade_schema,
)
from portal.services.people import people, setup
from portal.services.running.portal_settings import refresh

THREADS = 8
# Each browser keeps up to six open: waitress's hundred would be seventeen people, and who comes
# next would wait minutes for one to rest. With all else these stay below a process's 1,024 files.
CONNECTIONS = 800
FORM = 1 << 20  # bytes that a form adds to the file it carries
ONCE = (b"content-length", b"transfer-encoding", b"host")
PATIENCE_WITH_PORT = 5.0  # seconds: a portal that is just ending lets go of its port


class CannotServe(Exception):
    """The portal cannot be served here. The text is one sentence."""


def prepare(app: Flask) -> None:
    """Bring the database to the shape of this code and prove that its key is ours."""
    with app.app_context():
        upgrade_schema(Path(app.instance_path))
        refuse_half_restored()
        check_sealing_key(app.extensions["means"].sealer)
        refresh(app.extensions["means"])


def serve(
    app: Flask,
    *,
    listener: socket.socket | None = None,
    announce: Callable[[], None] | None = None,
) -> None:
    """Serve the portal until it is stopped. Raises CannotServe or SchemaTrouble.

    `listener` is a socket that listens already; without it one is made from HOST and PORT.
    """
    settings = app.extensions["settings"]
    warn_of_unknown_names(app)
    listener = listener or listen(settings.host, settings.port)
    try:
        prepare(app)
    except SchemaTrouble:
        listener.close()
        raise
    look_seldom()
    begin(settings.log_format)
    engine = Engine(app) if settings.jobs == "embedded" else None
    server = _server(app, listener)
    signal.signal(signal.SIGTERM, _end)
    try:
        if engine:
            engine.start(beside_pages=True)
        (announce or (lambda: say_hello(app)))()
        sys.stdout.flush()
        server.run()
    except SystemExit:
        pass  # somebody asked for the end, at whatever moment
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough: the end is under way
        if engine:
            engine.end_process()


def _server(app: Flask, listener: socket.socket) -> BaseWSGIServer:
    settings = app.extensions["settings"]
    server = create_server(
        app,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,  # with so many, select() would look at each of them each time
        ident=None,
        # Else waitress takes them away before ProxyFix, which knows how many to believe.
        clear_untrusted_proxy_headers=not settings.trusted_proxies,
        # A body is put aside before a page sees it: more than any page takes is not begun with.
        max_request_body_size=settings.upload_limit + 2 * FORM,
    )
    server.channel_class = Channel
    return server


class StrictParser(HTTPRequestParser):
    """Refuses what two servers in a row could read in two ways (request smuggling)."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head of a request. Raises ParsingError, which is answered with 400."""
        lines = header_plus.lower().split(b"\r\n")
        names = [line.partition(b":")[0] for line in lines[1:]]
        old = lines[0].endswith(b"http/1.0")
        both = ONCE[0] in names and ONCE[1] in names
        if both or (old and ONCE[1] in names) or any(names.count(one) > 1 for one in ONCE):
            raise ParsingError("The length or the host of the request is not clear.")
        super().parse_header(header_plus)


class Channel(HTTPChannel):
    """A connection on which requests are read strictly."""

    parser_class = StrictParser


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise CannotServe when the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    ends, waits = time.monotonic() + PATIENCE_WITH_PORT, False
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except OSError as exc:
            listener.close()
            if time.monotonic() < ends and exc.errno == errno.EADDRINUSE:
                if not waits:
                    _warn(f"PORT {port} on HOST {host} is in use; waiting for it a few seconds.")
                waits = True
                time.sleep(0.25)
                continue
            raise CannotServe(
                f"PORT {port} on HOST {host} cannot be used ({exc.strerror}). Stop what uses it,"
                " or set PORT to another."
            ) from exc
        return listener


def warn_of_unknown_names(app: Flask) -> None:
    """Print the names in settings.env that are those of no setting, on one line."""
    if unknown := app.extensions["settings"].unknown:
        _warn(f"settings.env says {', '.join(unknown)}: no setting there has such a name.")


def say_hello(app: Flask) -> None:
    """Print where the portal is and, while it has no admin, the code for its set-up page."""
    settings = app.extensions["settings"]
    click.echo(f"{app.extensions['means'].portal_name} is at {settings.public_url}")
    with app.app_context():
        if not people.any_admin():
            code = setup.new_code(utc_now())
            click.echo(f"Make the first administrator at {settings.public_url}/setup")
            click.echo(f"One-time code: {code}")


def _warn(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


def _end(*_caught: object) -> None:
    raise SystemExit(0)
