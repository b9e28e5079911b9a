"""A scripted server on a real loopback socket, for what no well-behaved server would do."""

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from portal.credly.client import CredlyClient, Door
from portal.credly.links import Hosts
from portal.credly.payloads import IssueOrder

ORGANIZATION = "e52b9e79-9ddb-4110-9883-ae2c44a7440e"
TEMPLATE = "00cd7d3b-baca-442b-bce5-f20666ed591b"
BADGE = "3d566829-ce3c-4719-9588-a89fb8646742"
TOKEN = "XXwJArBw8J6aJezzluJSzCn_UFzg1DayuwlJ"

Handler = Callable[[socket.socket], object]


def http(status: int, body: bytes | dict, **headers: str) -> Handler:
    """A complete answer over a connection that stays open."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(raw)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return lambda sock: sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def data(**fields: object) -> dict:
    return {"data": fields, "metadata": {}}


def organization() -> dict:
    return data(id=ORGANIZATION, name="STEM Learning")


def template(**fields: object) -> dict:
    return data(**{"id": TEMPLATE, "name": "API Hero", "state": "active"} | fields)


def badge(**fields: object) -> dict:
    usual = {"id": BADGE, "state": "pending", "badge_template": {"id": TEMPLATE}, "user": {}}
    return data(**usual | fields)


class Wire:
    """Plays one handler per request, in order, and remembers what was asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.script: list[Handler] = []
        self.asked: list[str] = []
        self.connections = 0
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def plays(self, *handlers: Handler) -> None:
        self.script.extend(handlers)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._open:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        self._thread.join(5)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                self._open.append(sock)
                self.connections += 1
                threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, IndexError):
            if self._context:
                sock = self._context.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            while request := self._read(sock):
                self.asked.append(request)
                self.script.pop(0)(sock)

    def _read(self, sock: socket.socket) -> str:
        got = b""
        while b"\r\n\r\n" not in got:
            piece = sock.recv(65536)
            if not piece:
                return ""
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]
        while len(body) < int(length or 0):
            body += sock.recv(65536)
        return (head + b"\r\n\r\n" + body).decode()


@pytest.fixture
def wire() -> Iterator[Wire]:
    with contextlib.closing(Wire()) as server:
        yield server


@pytest.fixture
def door(wire: Wire) -> Iterator[Door]:
    with contextlib.closing(Door(Hosts(frozenset({wire.place})))) as built:
        yield built


@pytest.fixture
def credly(wire: Wire, door: Door) -> CredlyClient:
    return door.at(wire.place, ORGANIZATION, TOKEN)


@pytest.fixture
def order() -> IssueOrder:
    return IssueOrder(
        recipient_email="lena+badges@example.org",
        first_name="Lena",
        last_name="Lind",
        template_id=TEMPLATE,
        issued_at=datetime(2026, 4, 1, 9, 41, tzinfo=UTC),
        issuer_earner_id="earner-1",
        locale="en",
    )
