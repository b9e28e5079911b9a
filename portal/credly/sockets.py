"""Connections that obey a total deadline, forget idle sockets and follow nobody's advice.

requests limits each read, not their sum: a server that drips a byte now and then passes every
read time-out. So each call runs under a Deadline, which shuts the socket in any phase.
"""

import socket
import time
from http.cookiejar import DefaultCookiePolicy

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

from portal.credly.deadlines import deadline_here

# Servers close a kept-alive connection after some idle time, the hastiest we know after 2 s. A POST
# written to such a socket looks exactly like a lost answer, so an idle socket is never used again:
# a new handshake costs little, a needless look-up and quiet period cost minutes.
LONGEST_IDLE = 1.5


class _Watched:
    """What a plain and a TLS connection have in common here; mixed in before urllib3's class."""

    sock: socket.socket | None
    _last_used = 0.0

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        deadline = deadline_here()
        if deadline is not None:
            if deadline.passed:  # a slow resolver, or many addresses that all hang
                sock.close()
                raise ConnectTimeoutError("the total time is over")
            deadline.guard(sock)
        return sock

    def request(self, *args: object, **named: object) -> None:
        deadline = deadline_here()
        if deadline is not None and self.sock is not None:
            deadline.guard(self.sock)
        self._last_used = time.monotonic()
        super().request(*args, **named)  # type: ignore[misc]

    @property
    def is_connected(self) -> bool:
        rested = time.monotonic() - self._last_used
        fresh = not self._last_used or rested < LONGEST_IDLE
        return fresh and super().is_connected  # type: ignore[misc]


class _PlainConnection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """Adapter without retries of its own, over the watched connections."""

    def init_poolmanager(self, *args: object, **named: object) -> None:
        super().init_poolmanager(*args, **named)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


class QuietSession(requests.Session):
    """A session without cookies, proxies, netrc or redirects."""

    def __init__(self, ca_file: str | None = None) -> None:
        super().__init__()
        self.trust_env = False
        self.verify = ca_file or True
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.headers = requests.structures.CaseInsensitiveDict(
            {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "Rosette"}
        )
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter())

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, always: even unfollowed, requests would read a redirect's body without a limit."""
        return
