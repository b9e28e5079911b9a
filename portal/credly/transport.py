"""One HTTP request to Credly and its answer: limits, total deadline, trail, the few retries."""

import base64
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from portal.credly.deadlines import Deadline
from portal.credly.errors import CredlyTrouble, NotNow, Unsure
from portal.credly.shapes import Json
from portal.credly.verdicts import Answer, judge, object_of, trouble_of
from portal.later import later

if TYPE_CHECKING:
    import requests
    from urllib3 import exceptions as urllib3_errors

    from portal.credly.sockets import QuietSession
else:
    requests, urllib3_errors = later("requests"), later("urllib3.exceptions")

CHUNK = 64 * 1024
PASSING = frozenset({502, 503, 504})  # of these a GET may try again at once
PAUSES = (0.1, 0.2)

Params = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes that one call may take."""

    connect_timeout: float = 5.0
    read_timeout: float = 20.0
    deadline: float = 30.0
    max_answer: int = 5 * 1024 * 1024


@dataclass(frozen=True)
class Call:
    """One request for the trail: no host, no token, and no address or name in its path."""

    method: str
    path: str
    status: int | None
    cause: str | None
    words: str | None = field(repr=False)
    seconds: float


@dataclass(frozen=True)
class _Request:
    method: str
    target: str = field(repr=False)
    shown: str
    body: Json | None = field(repr=False)
    wanted: tuple[int, ...]


@dataclass(frozen=True, repr=False)
class Transport:
    """Sends requests below one root with one token. Every failure is a CredlyTrouble."""

    root: str
    token: str
    session: Callable[[], "QuietSession"]
    limits: Limits
    pace: Callable[[], None] | None = None
    note: Callable[[Call], None] | None = None

    def __repr__(self) -> str:
        return f"<Transport {self.root}>"

    def get(self, path: str, params: Params = (), *, shown: str = "") -> Json:
        """Read something, trying again twice if a gateway is passing busy; a 429 is never retried.

        `shown` is what the trail says of the query. Returns the JSON object of a 200.
        """
        ends = time.monotonic() + self.limits.deadline
        request = _Request("GET", path + _query(params), path + shown, None, (200,))
        for pause in PAUSES:
            try:
                return self._call(request, ends - time.monotonic())
            except CredlyTrouble as trouble:
                if not _is_passing(trouble) or time.monotonic() + pause >= ends:
                    raise
            time.sleep(pause)
        return self._call(request, ends - time.monotonic())

    def send(self, method: str, path: str, body: Json, *, wanted: tuple[int, ...]) -> Json:
        """POST or PUT once, and only once. Returns the JSON object of a wanted status."""
        return self._call(_Request(method, path, path, body, wanted), self.limits.deadline)

    def _call(self, request: _Request, seconds: float) -> Json:
        if self.pace is not None:
            self.pace()
        started = time.monotonic()
        try:
            answer = self._exchange(request, seconds)
            judge(answer, secrets=self._secrets())
            if answer.status not in request.wanted:
                raise Unsure("wrong_shape", status=answer.status)
        except CredlyTrouble as trouble:
            self._tell(request, started, trouble.status, trouble)
            raise
        self._tell(request, started, answer.status)
        return answer.body

    def _exchange(self, request: _Request, seconds: float) -> Answer:
        try:
            with Deadline(seconds) as deadline:
                answer = self._ask(request)
        except (requests.RequestException, urllib3_errors.HTTPError, OSError, ValueError) as exc:
            trouble = trouble_of(exc)
        else:
            # A shut socket can look like the proper end of an answer, hence not only on failure.
            if not deadline.passed:
                return answer
            trouble = Unsure("deadline", status=answer.status)
        if deadline.passed and isinstance(trouble, Unsure):
            trouble = Unsure("deadline", status=trouble.status)
        # Raised here and not above, so that it does not drag along the exception of requests, whose
        # text holds the address with its query and whose request holds the token.
        raise trouble

    def _ask(self, request: _Request) -> Answer:
        limits = self.limits
        with self.session().request(
            request.method,
            self.root + request.target,
            json=request.body,
            headers={"Authorization": f"Basic {self._credentials()}"},
            timeout=(limits.connect_timeout, limits.read_timeout),
            allow_redirects=False,
            stream=True,
        ) as raw:
            try:
                content, trouble = object_of(self._read(raw)), None
            except CredlyTrouble as found:
                content, trouble = {}, found
            return Answer(raw.status_code, raw.headers, content, trouble)

    def _read(self, raw: "requests.Response") -> bytes:
        pieces, size = [], 0
        try:
            while piece := raw.raw.read(CHUNK, decode_content=True):
                size += len(piece)
                if size > self.limits.max_answer:
                    raise Unsure("too_large")
                pieces.append(piece)
        except (urllib3_errors.HTTPError, OSError, ValueError) as exc:
            trouble = trouble_of(exc)
        else:
            return b"".join(pieces)
        raise trouble

    def _tell(
        self,
        request: _Request,
        started: float,
        status: int | None,
        trouble: CredlyTrouble | None = None,
    ) -> None:
        if self.note is None:
            return
        cause, words = (trouble.cause, trouble.credly_words) if trouble else (None, None)
        seconds = time.monotonic() - started
        self.note(Call(request.method, request.shown, status, cause, words, seconds))

    def _credentials(self) -> str:
        # Token as user name, empty password (credly-api.md 1.3).
        return base64.b64encode(f"{self.token}:".encode()).decode("ascii")

    def _secrets(self) -> tuple[str, ...]:
        return (
            (self._credentials(), self._credentials().rstrip("="), self.token) if self.token else ()
        )


def _query(params: Params) -> str:
    """Encode everything: an unencoded plus in an e-mail address would arrive as a space."""
    pairs = (f"{quote(key, safe='[]')}={quote(value, safe='')}" for key, value in params)
    joined = "&".join(pairs)
    return f"?{joined}" if joined else ""


def _is_passing(trouble: CredlyTrouble) -> bool:
    waits = isinstance(trouble, NotNow) and trouble.wait is not None  # told to wait: so we wait
    return trouble.status in PASSING and not waits
