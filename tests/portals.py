"""Several portals in one test, each with a database of its own; the one built last is current."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from portal.extensions import db, set_reading
from portal.factory import create_app

Builds = Callable[[Mapping[str, str], Path], Flask]


@contextmanager
def many_portals() -> Iterator[Builds]:
    """Give what builds a portal from words and a folder; all are shut at the end, newest first."""
    made = []

    def build(words: Mapping[str, str], folder: Path) -> Flask:
        app = create_app(words, folder)
        made.append((app, app.app_context()))
        made[-1][1].push()
        set_reading(False)
        return app

    yield build
    for app, context in reversed(made):
        db.session.remove()
        db.engine.dispose()
        app.extensions["means"].door.close()
        context.pop()
