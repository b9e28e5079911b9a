"""What goes back over the wire: an answer, a refusal in Credly's shape, or a connection let go."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON_TYPE = "application/json; charset=utf-8"


@dataclass
class Answer:
    """A finished answer. `content` is JSON, unless it is bytes already."""

    status: int = 200
    content: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON_TYPE

    def body(self) -> bytes:
        if isinstance(self.content, bytes):
            return self.content
        if self.status == 204:
            return b""
        return json.dumps(self.content, ensure_ascii=False, separators=(",", ":")).encode()


class Refusal(Exception):
    """A no in Credly's words: `data.message`, maybe `data.errors` and more (credly-api.md 6.1)."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        metadata: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.data: dict[str, Any] = {"message": message, **extra}
        self.headers = dict(headers or {})
        # The recorded 422 has null here; every other refusal gets the empty object.
        self.metadata = {} if metadata is None and status != 422 else metadata

    def answer(self) -> Answer:
        content = {"data": self.data, "metadata": self.metadata}
        return Answer(self.status, content, self.headers)


class Dropped(Exception):
    """The connection was dealt with by hand. Nothing more may be written to it."""


def enveloped(
    data: Mapping[str, Any] | Sequence[Any],
    metadata: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> Answer:
    """Put data into Credly's envelope (credly-api.md 2.1)."""
    return Answer(status, {"data": data, "metadata": metadata or {}})


def not_found() -> Refusal:
    return Refusal(404, "Resource not found")
