"""The server: threads, HTTP/1.1, connections kept alive, and the raw socket within reach."""

import io
import os
import signal
import socket
import ssl
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wsgi import get_input_stream

from portal.practice.answers import Dropped
from portal.practice.app import PracticeApp, create_practice

_IDLE = 75.0  # seconds after which a silent connection is closed
_WATCH = 0.25  # seconds between two looks at the parent


class Handler(WSGIRequestHandler):
    """Answers in one write with a Content-Length; Werkzeug's own closes after each answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = _IDLE
    server: "Server"

    def run_wsgi(self) -> None:
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        environ = self.make_environ()
        # Read to the end, whatever the application does, or the rest would be the next request.
        environ["wsgi.input"] = io.BytesIO(get_input_stream(environ).read())
        environ["CONTENT_LENGTH"] = str(len(environ["wsgi.input"].getvalue()))
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        try:
            status, headers, body = self._answer(environ)
        except Dropped:
            self.close_connection = True
            return
        except Exception:  # a fault of our own is shown, and seen by the client as a 500
            self.server.complain()
            status, headers, body = "500 INTERNAL SERVER ERROR", [], b""
        self._write(status, headers, body)

    def _answer(self, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _info: Any = None) -> None:
            started[:] = [status, headers]

        body = b"".join(self.server.app(environ, start_response))
        return started[0], started[1], body

    def _write(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        lines = [f"HTTP/1.1 {status}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in headers if name != "Content-Length"]
        if not status.startswith(("204", "304")):
            length = dict(headers).get("Content-Length", str(len(body)))
            lines.append(f"Content-Length: {length if self.command == 'HEAD' else len(body)}")
        if self.close_connection:
            lines.append("Connection: close")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        self.wfile.write(head if self.command == "HEAD" else head + body)

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the calls are in the store's log, without the token."""


class Server(ThreadedWSGIServer):
    """At most `threads` connections at once; those beyond wait until one is closed."""

    def __init__(
        self, app: PracticeApp, host: str, port: int, threads: int, tls: ssl.SSLContext | None
    ) -> None:
        self.open: set[socket.socket] = set()
        self._slots = threading.BoundedSemaphore(threads)
        self._ending = threading.Event()
        super().__init__(host, port, app, Handler, ssl_context=tls)

    def process_request(self, request: Any, client_address: Any) -> None:
        while not self._slots.acquire(timeout=0.1):
            if self._ending.is_set():
                self.shutdown_request(request)
                return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is everyday life here; anything else is worth a look."""
        if not isinstance(sys.exception(), OSError | ValueError):
            self.complain()

    def complain(self) -> None:
        """Show the present exception, unless it comes from ending amid a call."""
        if not self._ending.is_set():
            sys.stderr.write(traceback.format_exc())

    def end(self) -> None:
        """Stop serving and cut the connections that are still open."""
        self._ending.set()
        self.shutdown()
        for connection in list(self.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def serve(
    database: Path,
    *,
    host: str = "127.0.0.1",
    port: int,
    threads: int = 256,
    ready: Callable[[int], None] | None = None,
    parent_pid: int | None = None,
) -> None:
    """Serve until SIGTERM, SIGINT or the end of the process `parent_pid`.

    Port 0 takes a free one; `ready` is told which once connections are accepted.
    """
    app = create_practice(database)
    server = Server(app, host, port, threads, None)

    def end(*_signal: Any) -> None:
        # shutdown() waits for the loop that a signal handler has interrupted: not in this thread.
        threading.Thread(target=server.end, daemon=True).start()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
    if parent_pid is not None:
        threading.Thread(target=_watch, args=(parent_pid, end), daemon=True).start()
    if ready:
        ready(server.port)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        app.close()


def _watch(parent_pid: int, end: Callable[[], None]) -> None:
    own_parent = os.getppid() == parent_pid
    while (os.getppid() == parent_pid) if own_parent else _is_there(parent_pid):
        time.sleep(_WATCH)
    end()


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class PracticeServer:
    """Practice Credly in a thread of this process, for tests."""

    host: str
    port: int
    url: str

    def __init__(self, database: Path, port: int, tls: ssl.SSLContext | None) -> None:
        self.app = create_practice(database)
        self._server = Server(self.app, "127.0.0.1", port, 256, tls)
        self.port = self._server.port
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if tls else 'http'}://{self.host}"
        serving = self._server.serve_forever
        self._thread = threading.Thread(target=serving, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop for good: the port refuses, and open connections are cut. Twice does no harm."""
        if self._thread.is_alive():
            self._server.end()
            self._thread.join()
            self.app.close()

    def __enter__(self) -> "PracticeServer":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start_thread(
    database: Path, port: int = 0, tls: ssl.SSLContext | None = None
) -> PracticeServer:
    """Start practice Credly on a loopback port; 0 takes a free one."""
    return PracticeServer(database, port, tls)
