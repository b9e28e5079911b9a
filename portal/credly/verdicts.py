"""What a failed connection or an answer's status means: every way of failing, sorted into six."""

import errno
import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from portal.credly.errors import (
    AlreadyReplaced,
    ConnectionTrouble,
    CredlyTrouble,
    Duplicate,
    NotNow,
    Refused,
    Unsure,
)
from portal.credly.shapes import Json, clean, is_uuid
from portal.later import later

requests, urllib3_errors = later("requests"), later("urllib3.exceptions")
matching = later("urllib3.util.ssl_match_hostname")

LONGEST_WAIT = 3600.0
SERVER_ERRORS = range(500, 1000)
REDIRECTS = range(300, 400)
REFUSALS = range(400, 500)

_OF_THE_CONNECTION = {401: "token", 403: "rights"}
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status, headers, and the JSON object in it or why there is none."""

    status: int
    headers: Mapping[str, str]
    body: Json
    trouble: CredlyTrouble | None = None


def trouble_of(exc: BaseException) -> CredlyTrouble:
    """Sort an exception of requests, urllib3 or the system (architecture, habit 7).

    requests gives refused, DNS failure and reset the same class, so the whole chain is looked at.
    Only where no connection was made it is NotNow; everything else may have reached Credly.
    """
    chain = tuple(_chain(exc))
    if _any(chain, ssl.SSLCertVerificationError, matching.CertificateError):
        return ConnectionTrouble("certificate")
    if _any(chain, requests.ConnectTimeout):
        return NotNow("connect_timeout")
    if _any(chain, urllib3_errors.NameResolutionError, socket.gaierror):
        return NotNow("dns")
    if _any(chain, urllib3_errors.NewConnectionError):
        return NotNow(_why_no_connection(chain))
    if _any(chain, urllib3_errors.ReadTimeoutError, TimeoutError, requests.Timeout):
        return Unsure("timeout")
    if _any(chain, urllib3_errors.SSLError, ssl.SSLError, requests.exceptions.SSLError):
        return Unsure("tls")
    return Unsure("reset")


def object_of(raw: bytes) -> Json:
    """The JSON object in an answer's body; Unsure if it is none (assurance F27, F28)."""
    try:
        read = json.loads(raw)
    except (ValueError, RecursionError):
        raise Unsure("not_json") from None
    if not isinstance(read, dict):
        raise Unsure("wrong_shape")
    return read


def judge(answer: Answer, *, secrets: tuple[str, ...] = ()) -> None:
    """Raise the trouble that an answer's status stands for (assurance section 3, rule 4).

    Where the status alone is clear it decides, whatever became of the body.
    """
    status, words = answer.status, words_of(answer.body, secrets)
    if status in (429, 503):
        cause = "too_many_requests" if status == 429 else "unavailable"
        wait = asked_wait(answer.headers.get("Retry-After"))
        raise NotNow(cause, status=status, credly_words=words, wait=wait)
    if status in SERVER_ERRORS:
        raise Unsure("server_error", status=status, credly_words=words)
    if status in REDIRECTS or status in _OF_THE_CONNECTION:
        cause = _OF_THE_CONNECTION.get(status, "redirect")
        raise ConnectionTrouble(cause, status=status, credly_words=words)
    if status == 422:
        raise _unprocessable(answer, words)
    if status in REFUSALS:
        raise Refused("refused", status=status, credly_words=words)
    if answer.trouble is not None:
        raise type(answer.trouble)(answer.trouble.cause, status=status)


def asked_wait(value: str | None) -> float | None:
    """The seconds of a Retry-After header, an hour at most; None if it says nothing usable.

    A moment that is over says nothing, for the two clocks may differ.
    """
    if value is None:
        return None
    if re.fullmatch(r"\s*[+-]?[0-9]{1,300}(\.[0-9]{1,9})?\s*", value):
        seconds = float(value)
    else:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        seconds = (when - datetime.now(UTC)).total_seconds()
    return min(seconds, LONGEST_WAIT) if seconds >= 0 else None


def words_of(body: Json, secrets: tuple[str, ...] = ()) -> str | None:
    """Credly's own message, without control characters and with our secrets masked."""
    data = body.get("data")
    said = data.get("message") if isinstance(data, dict) else None
    if not isinstance(said, str):
        said = body.get("message")
    if not isinstance(said, str):
        return None
    words = " ".join(clean(said).split())
    for secret in secrets:
        words = words.replace(secret, "•••")
    return words or None


def _unprocessable(answer: Answer, words: str | None) -> CredlyTrouble:
    """Tell the 422s apart by Credly's message (credly-api.md 6.2); not every one is a duplicate."""
    if answer.trouble is not None and answer.trouble.cause != "not_json":
        return Unsure(answer.trouble.cause, status=422)  # it broke off: it may say duplicate
    said = (words or "").lower()
    if "already has this badge" in said:
        return Duplicate("duplicate", status=422, credly_words=words)
    metadata = answer.body.get("metadata")
    current = metadata.get("current_badge_id") if isinstance(metadata, dict) else None
    if "already been replaced" in said or is_uuid(current):
        newest = current.lower() if isinstance(current, str) and is_uuid(current) else None
        return AlreadyReplaced(status=422, credly_words=words, current_badge_id=newest)
    return Refused("refused", status=422, credly_words=words)


def _why_no_connection(chain: tuple[BaseException, ...]) -> str:
    for one in chain:
        if isinstance(one, OSError) and one.errno in _UNREACHABLE:
            return "unreachable"
        if isinstance(one, ConnectionRefusedError):
            return "refused_connection"
    return "unreachable"


def _any(chain: tuple[BaseException, ...], *kinds: type[BaseException]) -> bool:
    return any(isinstance(one, kinds) for one in chain)


def _chain(exc: BaseException) -> Iterator[BaseException]:
    """The exception and all that stand behind it, by the ways these libraries keep them.

    Not `__context__`: there may be an older trouble of whoever called, which proves nothing.
    """
    waiting: list[object] = [exc]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, getattr(one, "reason", None), *one.args]
