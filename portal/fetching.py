"""Guarded GET for addresses that people typed and for Credly's pictures.

The name is resolved once, every address it has is checked, and the connection goes to a checked
address: what the name points to a moment later makes no difference. Nothing follows by itself.
"""

import contextlib
import http.client
import ipaddress
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from portal.addresses import PORTS, FetchRefused, Target, as_address, is_forbidden, read_target
from portal.later import later

certs = later("requests.certs")

MEBIBYTE = 1024 * 1024
MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADERS = {
    "Accept": "image/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "Rosette",
}

_Place = tuple[Any, ...]  # a socket address, whose parts depend on its family


class FetchFailed(Exception):
    """The address was asked and gave nothing usable.

    `code`: `dns`, `connect`, `certificate`, `tls`, `timeout`, `broken`, `status`, `too_large`,
    `encoded`, `too_many_redirects`.
    """

    def __init__(self, code: str, status: int | None = None) -> None:
        super().__init__(code if status is None else f"{code} ({status})")
        self.code = code
        self.status = status


@dataclass(frozen=True)
class _Rules:
    allowed: Callable[[str], str | None] | None
    trusted_hosts: frozenset[str]
    limit: int
    timeout: float
    ends: float
    ca_file: str | None


def fetch_image(
    url: str,
    *,
    allowed: Callable[[str], str | None] | None = None,
    trusted_hosts: frozenset[str] = frozenset(),
    limit: int = 2 * MEBIBYTE,
    timeout: float = 3.0,
    deadline: float = 10.0,
    ca_file: str | None = None,
) -> bytes:
    """Fetch the bytes at an http(s) address, following at most three redirects, each guarded anew.

    `allowed` narrows the addresses further: None from it refuses. `trusted_hosts` are the
    operator's own `host:port` entries, which may be anywhere, loopback included. Raises
    FetchRefused or FetchFailed. Whether the bytes are a picture is for `pictures` to say.
    """
    rules = _Rules(allowed, trusted_hosts, limit, timeout, time.monotonic() + deadline, ca_file)
    for _ in range(MOST_REDIRECTS + 1):
        content, onward = _fetch_once(_target(url, rules), rules)
        if onward is None:
            return content
        try:
            url = urljoin(url, onward)
        except ValueError:
            raise FetchRefused("address") from None
    raise FetchFailed("too_many_redirects")


def literal_is_forbidden(url: str, trusted_hosts: frozenset[str] = frozenset()) -> bool:
    """Whether an address can be refused by its text alone; no name is resolved."""
    try:
        target = read_target(url, trusted_hosts)
    except FetchRefused:
        return True
    if target.place in trusted_hosts:
        return False
    literal = as_address(target.host)
    near = target.host == "localhost" or target.host.endswith(".localhost")
    return near or (literal is not None and is_forbidden(literal))


def _target(url: str, rules: _Rules) -> Target:
    """The checked parts of an address, or FetchRefused."""
    target = read_target(url, trusted_hosts=rules.trusted_hosts)
    if rules.allowed is not None and rules.allowed(url) is None:
        raise FetchRefused("host_not_allowed")
    return target


def _fetch_once(target: Target, rules: _Rules) -> tuple[bytes, str | None]:
    """One request: the content, or none and where a redirect points."""
    struck = threading.Event()
    try:
        with _connect(target, rules) as sock, _shut_at(rules.ends, sock, struck):
            found = _exchange(sock, target, rules)
    except (http.client.HTTPException, OSError) as exc:
        code = _code_of(exc)
    else:
        if not struck.is_set():  # a shut socket may look like the proper end of an answer
            return found
        code = "timeout"
    raise FetchFailed("timeout" if struck.is_set() else code)


def _connect(target: Target, rules: _Rules) -> socket.socket:
    """A connection to the first of the name's addresses that answers, once all are checked."""
    code = "connect"
    for family, place in _resolve(target, rules):
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(min(rules.timeout, max(rules.ends - time.monotonic(), 0.001)))
        try:
            sock.connect(place)
        except OSError as exc:
            sock.close()
            code = "timeout" if isinstance(exc, TimeoutError) else "connect"
        else:
            return sock
    raise FetchFailed(code)


def _resolve(target: Target, rules: _Rules) -> list[tuple[int, _Place]]:
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise FetchFailed("dns") from None
    trusted = target.place in rules.trusted_hosts
    for *_, place in found:
        literal = str(place[0]).partition("%")[0]  # without the zone of a link-local address
        if not trusted and is_forbidden(ipaddress.ip_address(literal)):
            raise FetchRefused("forbidden_address")
    return [(family, place) for family, *_, place in found]


@contextlib.contextmanager
def _shut_at(ends: float, sock: socket.socket, struck: threading.Event) -> Iterator[None]:
    """Shut the socket when the total time is over, whatever phase it is in."""
    handle = socket.socket(fileno=os.dup(sock.fileno()))  # TLS takes the first one over

    def strike() -> None:
        struck.set()
        with contextlib.suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(ends - time.monotonic(), 0.0), strike)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()


def _exchange(sock: socket.socket, target: Target, rules: _Rules) -> tuple[bytes, str | None]:
    if target.scheme == "https":
        context = ssl.create_default_context(cafile=rules.ca_file or certs.where())
        sock = context.wrap_socket(sock, server_hostname=target.host)
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.default_port = PORTS[target.scheme]  # so that Host names no port needlessly
    connection.sock = sock
    with contextlib.closing(connection):
        connection.request("GET", target.path, headers=HEADERS)
        with connection.getresponse() as answer:
            onward = answer.getheader("Location")
            if answer.status in REDIRECTS and onward:
                return b"", onward
            if answer.status != 200:
                raise FetchFailed("status", answer.status)
            return _content(answer, rules.limit), None


def _content(answer: http.client.HTTPResponse, limit: int) -> bytes:
    if answer.getheader("Content-Encoding", "identity").lower() != "identity":
        raise FetchFailed("encoded", answer.status)  # not asked for, and a way to make little much
    content = answer.read(limit + 1)
    if len(content) > limit:
        raise FetchFailed("too_large", answer.status)
    if answer.length:  # some of the promised bytes never came
        raise http.client.IncompleteRead(content)
    return content


def _code_of(exc: Exception) -> str:
    """The code of a failure after the connection was made."""
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (ssl.SSLCertVerificationError, "certificate"),
        (ssl.SSLError, "tls"),
        (TimeoutError, "timeout"),
    )
    return next((code for kind, code in kinds if isinstance(exc, kind)), "broken")
