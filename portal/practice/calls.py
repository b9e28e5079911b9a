"""A call: the open transaction and everything a handler may know about what was asked."""

import sqlite3
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from portal.practice.times import stamp


@dataclass(frozen=True)
class Addresses:
    """The addresses that practice Credly gives out. They contain `/api` (credly-api.md 2.2)."""

    base: str

    def api(self, path: str) -> str:
        return f"{self.base}/api/v1{path}"

    def open_badge(self, path: str) -> str:
        return f"{self.base}/v1/obi/v2{path}"

    def web(self, path: str) -> str:
        return f"{self.base}{path}"


@dataclass
class Call:
    db: sqlite3.Connection
    addresses: Addresses
    switches: dict[str, Any]
    now: datetime
    path: str = ""
    args: MultiDict[str, str] = field(default_factory=MultiDict)
    body: dict[str, Any] = field(default_factory=dict)
    token: sqlite3.Row | None = None
    booked: list[str] = field(default_factory=list)

    @property
    def moment(self) -> str:
        return stamp(self.now)


def new_id() -> str:
    return str(uuid.uuid4())
