"""Every request gets an id, is measured, and leaves one line in the log when it is answered.

The line names the page and never the address: that may hold a secret, or what somebody searched.
"""

import logging
import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask import Flask, request

from portal.logs import about
from portal.meters import Meter

log = logging.getLogger("portal.access")
ID = "portal.request_id"
PAGE = "portal.page"
GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def watch(app: Flask, meter: Meter, *, behind_proxy: bool) -> None:
    """Watch the requests of `app`. Behind a proxy of ours the id is the one it gives, if any."""
    app.before_request(_note_page)
    app.wsgi_app = Watched(app.wsgi_app, meter, behind_proxy)


def request_id() -> str:
    """Return the id of this request."""
    return request.environ.get(ID, "")


def _note_page() -> None:
    rule = request.url_rule
    if rule is not None:
        request.environ[PAGE] = (rule.endpoint, rule.rule)


class Watched:
    """The app, seen from outside."""

    def __init__(self, serve: Wsgi, meter: Meter, behind_proxy: bool):
        self.serve, self.meter, self.behind_proxy = serve, meter, behind_proxy

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        answer = _Answer(environ, self._id(environ), self.meter)
        with about(request=answer.id):
            body = self.serve(environ, answer.starting(start))
            if answer.length is not None or environ["REQUEST_METHOD"] == "HEAD":
                answer.end(answer.length or 0)
                return body
        return _Streamed(body, answer)

    def _id(self, environ: dict[str, Any]) -> str:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self.behind_proxy else ""
        environ[ID] = given if GIVEN.fullmatch(given) else secrets.token_hex(8)
        return environ[ID]


class _Answer:
    """What is known of one answer."""

    def __init__(self, environ: dict[str, Any], request_id: str, meter: Meter):
        self.environ, self.id, self.meter = environ, request_id, meter
        self.begun = time.perf_counter()
        self.status = 0
        self.length: int | None = None

    def starting(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def noting(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            self.status = int(status[:3])
            lengths = [value for name, value in headers if name.lower() == "content-length"]
            self.length = int(lengths[0]) if lengths else None
            return start(status, [*headers, ("X-Request-ID", self.id)], *more)

        return noting

    def end(self, size: int) -> None:
        seconds = time.perf_counter() - self.begun
        endpoint, route = self.environ.get(PAGE, ("-", "-"))
        method = self.environ["REQUEST_METHOD"]
        method = method if method in METHODS else "-"  # anything can be sent as one
        self.meter.answered(endpoint=endpoint, method=method, status=self.status, seconds=seconds)
        facts = {
            "method": method,
            "endpoint": endpoint,
            "route": route,
            "status": self.status,
            "ms": round(seconds * 1000, 1),
            "bytes": size,
        }
        log.info("answered", extra={"facts": facts})


class _Streamed:
    """A body of unknown length: its line is written when it has left."""

    def __init__(self, body: Iterable[bytes], answer: _Answer):
        self.body, self.answer, self.size = body, answer, 0

    def __iter__(self) -> Iterator[bytes]:
        pieces = iter(self.body)
        while True:
            with about(request=self.answer.id):  # not around the yield: others work meanwhile
                try:
                    piece = next(pieces)
                except StopIteration:
                    return
            self.size += len(piece)
            yield piece

    def close(self) -> None:
        """End the answer, as a server does however far it came."""
        with about(request=self.answer.id):
            try:
                if hasattr(self.body, "close"):
                    self.body.close()
            finally:
                self.answer.end(self.size)
