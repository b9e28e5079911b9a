"""A request as it came in: where it leads, what it says, and which token it carries."""

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from portal.practice.answers import Refusal
from portal.practice.auth import token_of

_PREFIX = re.compile(r"^(?:/api)?/v1(?=/|$)")
_SHOWN = ("Accept", "Content-Type", "Content-Length", "User-Agent", "Host", "Connection")


@dataclass
class Incoming:
    """`path` is as sent; `way` has no prefix, no closing slash and no `.json`."""

    method: str
    path: str
    query: str
    raw: bytes
    args: MultiDict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    token: str | None
    host_url: str
    arrived: float = field(default_factory=time.time)

    @classmethod
    def of(cls, request: Request) -> "Incoming":
        is_form = request.mimetype == "application/x-www-form-urlencoded"
        return cls(
            method=request.method,
            path=request.path,
            query=request.query_string.decode("latin-1"),
            raw=request.get_data(cache=True, parse_form_data=False),
            args=request.args,
            form=MultiDict(request.form).to_dict() if is_form else {},
            headers={name: request.headers[name] for name in _SHOWN if name in request.headers},
            token=token_of(request.headers.get("Authorization")),
            host_url=request.host_url.rstrip("/"),
        )

    @property
    def way(self) -> str:
        way = _PREFIX.sub("", self.path).rstrip("/")
        return way.removesuffix(".json") or "/"

    @property
    def organization(self) -> str | None:
        found = re.match(r"/organizations/([^/]+)", self.way)
        return found[1] if found else None

    def text(self) -> str:
        return self.raw.decode("utf-8", "replace")

    def body(self) -> dict[str, Any]:
        """Read a JSON object, or the fields of a form; anything else is refused with 400."""
        if self.form or not self.raw.strip():
            return self.form
        try:
            found = json.loads(self.raw)
        except (ValueError, RecursionError) as exc:
            raise Refusal(400, "The request body is not valid JSON") from exc
        if not isinstance(found, dict):
            raise Refusal(400, "The request body must be a JSON object")
        return found


def is_api(path: str) -> bool:
    return bool(_PREFIX.match(path))
