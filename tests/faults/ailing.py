"""A portal process with an ailment: `python -m tests.faults.ailing FILE worker|web`.

FILE holds JSON that may change while the process runs:
  {"die": {"at": "statement" | "before_commit" | "after_commit", "words": regex, "number": 1,
           "later": 0.0}}   dies by SIGKILL at the n-th statement that matches, or at its commit
  {"pragmas": {"query_only": 1}}   what SQLite is told whenever a connection is taken
  {"clock": seconds}   how far the machine's clock is wrong
  {"log": "full"}   the disk under standard error is full
  {"blind": true}   never looks up at Credly: the control run that must fail
Nothing of the product is changed for it; it is done by the events of SQLAlchemy and, for the clock,
the look-up and what PostgreSQL takes as a COPY, from outside before the portal is loaded.
"""

import importlib
import json
import os
import re
import runpy
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

import portal.clock

WELL = {"query_only": 0, "max_page_count": 1073741823}
FILE = Path(sys.argv[1]) if len(sys.argv) == 3 else Path(os.devnull)
ROOT = Path(__file__).resolve().parents[2]
_seen: dict[str, int] = {"count": 0}
_here = threading.local()
_real_time, _real_copy = time.time, psycopg.Cursor.copy


def ailment() -> dict[str, Any]:
    """What is wrong at this moment; a file that is just being written says nothing new."""
    try:
        return json.loads(FILE.read_text() or "{}")
    except (OSError, ValueError):
        return {}


def die(wish: dict[str, Any]) -> None:
    """End as a machine does that loses its power, at once or in the midst of what comes next."""
    kill = (os.getpid(), signal.SIGKILL)
    if wish.get("later"):
        threading.Timer(wish["later"], os.kill, kill).start()
    else:
        os.kill(*kill)


@event.listens_for(Engine, "after_cursor_execute")
def _executed(_connection, _cursor, statement, *_more) -> None:
    wish = ailment().get("die")
    if not wish or not re.search(wish.get("words", ""), statement):
        return
    _seen["count"] += 1
    if _seen["count"] < wish.get("number", 1):
        return
    if wish["at"] == "statement":
        die(wish)
    _here.at = wish["at"]


@contextmanager
def _copied(cursor: psycopg.Cursor, statement: str) -> Iterator[psycopg.Copy]:
    """COPY, of which SQLAlchemy has no event."""
    with _real_copy(cursor, statement) as copy:
        yield copy
    _executed(None, cursor, statement)


@event.listens_for(Engine, "commit")
def _commits(_connection) -> None:
    if getattr(_here, "at", None) == "before_commit":
        die(ailment()["die"])


@event.listens_for(Session, "after_commit")
def _committed(_session) -> None:
    if getattr(_here, "at", None) == "after_commit":
        die(ailment()["die"])


@event.listens_for(Engine, "checkout")
def _taken(connection, _record, _proxy) -> None:
    if "sqlite" not in type(connection).__module__:
        return
    for name, value in (WELL | ailment().get("pragmas", {})).items():
        connection.execute(f"PRAGMA {name}={value}").close()


def _wrong_time() -> float:
    return _real_time() + ailment().get("clock", 0.0)


def _wrong_now() -> datetime:
    return datetime.fromtimestamp(_wrong_time(), UTC)


def _issue_blindly(carrier):
    """Issue without ever asking what is there already."""
    record = importlib.import_module("portal.services.issuing.record")
    if not carrier.mark_sent():
        return record.cancelled(carrier.run, carrier.clock())
    badge = carrier.client.issue(carrier.order.request())
    return record.issued(carrier.run, badge, carrier.clock())


def main() -> None:
    """Run a worker or a web process, ill as the file says."""
    psycopg.Cursor.copy = _copied
    if ailment().get("log") == "full":
        full = os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, sys.stderr.fileno())
    if "clock" in ailment():
        time.time, portal.clock.utc_now = _wrong_time, _wrong_now
    if ailment().get("blind"):
        deliver = importlib.import_module("portal.services.issuing.deliver")
        kinds = importlib.import_module("portal.models").DeliveryKind
        deliver._CARRY[kinds.ISSUE] = _issue_blindly
    if sys.argv[2] == "web":
        sys.argv = ["app.py"]
        runpy.run_path(str(ROOT / "app.py"), run_name="__main__")
    else:
        sys.argv = ["flask", "--app", "app", "worker"]
        runpy.run_module("flask", run_name="__main__")


if __name__ == "__main__":
    main()
