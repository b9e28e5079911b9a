"""A worker that counts its SQL: `python -m tests.bench.counting FILE` (JSON, written at its end).

Counts every statement of the threads that deliver, the looks for due rows included, but not BEGIN.
Nothing of the product is changed: the events of SQLAlchemy tell.
"""

import json
import runpy
import sys
import threading
from collections import Counter
from pathlib import Path

from sqlalchemy import Engine, event

_counts: Counter[str] = Counter()
_lock = threading.Lock()


@event.listens_for(Engine, "before_cursor_execute")
def _executes(*_what: object) -> None:
    if threading.current_thread().name.startswith("deliver"):
        _count("statements")


@event.listens_for(Engine, "commit")
def _commits(_connection: object) -> None:
    if threading.current_thread().name.startswith("deliver"):
        _count("commits")


def _count(name: str) -> None:
    with _lock:
        _counts[name] += 1


def main(file: Path) -> None:
    """Work until stopped, as `flask --app app worker` does."""
    sys.argv = ["flask", "--app", "app", "worker"]
    try:
        runpy.run_module("flask", run_name="__main__")
    finally:
        file.write_text(json.dumps(_counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
