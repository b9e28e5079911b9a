"""Fixtures that many tests share: the app on an empty database, practice Credly, people, a browser.

Nothing of ours is patched. The network ends at this machine. The database is PostgreSQL where
TEST_DATABASE_URL names a server, and SQLite otherwise.
"""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import Person
from portal.practice.server import PracticeServer, start_thread
from tests.databases import NEEDS_POSTGRESQL, SERVER, empty, fresh_database, make_schema
from tests.factories import make_person
from tests.page import Browser
from tests.portals import many_portals
from tests.practice.desk import Desk
from tests.world import World

# The switches that tests turn, as they stand when nobody turned them.
WELL_BEHAVED = {
    "list_lag": 0,
    "latency": 0,
    "rate_limit": 0,
    "revoked_blocks": False,
    "locale_unknown": "ignore",
    "next_page_keeps_filter": True,
    "auto_accept": False,
}
# Generated examples are the same every time, and may take as long as a slow machine takes.
hypothesis_settings.register_profile(
    "the same everywhere",
    derandomize="HYPOTHESIS_TIMES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("the same everywhere")
LOOPBACK = ("127.", "::1", "localhost")


def _is_loopback(address: object) -> bool:
    return not isinstance(address, tuple) or str(address[0]).startswith(LOOPBACK)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches beyond this machine is wrong, and hears so at once."""
    connect = socket.socket.connect

    def loopback_only(self, address):
        if not _is_loopback(address):
            pytest.fail(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", loopback_only)


@pytest.fixture(scope="session")
def practice_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeServer]:
    """Practice Credly on a loopback port, for the whole run."""
    with start_thread(tmp_path_factory.mktemp("practice") / "practice.db") as server:
        yield server


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with keys and a SQLite database of the newest schema without rows, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    make_schema({}, folder)
    return folder


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL database like it, for the whole run; without a server nothing."""
    if not SERVER:
        yield ""
        return
    with fresh_database() as address:
        make_schema({"DATABASE_URL": address}, tmp_path_factory.mktemp("postgresql"))
        yield address


@pytest.fixture
def database(postgresql: str) -> Iterator[dict[str, str]]:
    """Environment words that name the empty database of this test; none for SQLite."""
    yield {"DATABASE_URL": postgresql} if postgresql else {}
    if postgresql:
        empty(postgresql)


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def nothing_there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database in which there is nothing yet, of each kind."""
    if request.param == "SQLite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
    elif not SERVER:
        pytest.skip(NEEDS_POSTGRESQL)
    else:
        with fresh_database() as address:
            yield address


@pytest.fixture
def settings() -> dict[str, str]:
    """Environment words of the app; a test module may replace them."""
    return {}


@pytest.fixture
def app(
    tmp_path: Path,
    empty_database: Path,
    database: dict[str, str],
    practice_server: PracticeServer,
    settings: dict[str, str],
) -> Iterator[Flask]:
    """The portal on a database of its own, in one app context for the whole test."""
    env = {"CREDLY_EXTRA_HOSTS": practice_server.host, "CREDLY_RATE": "0", **database, **settings}
    for name in os.listdir(empty_database):
        if name.endswith((".db", ".key")):
            shutil.copy(empty_database / name, tmp_path / name)
    app = create_app(env, tmp_path)
    app.testing = True
    with app.app_context():
        set_reading(False)
        yield app
        db.session.remove()
        db.engine.dispose()
        app.extensions["means"].door.close()


@pytest.fixture
def credly(practice_server: PracticeServer) -> Iterator[Desk]:
    """An organisation of its own at practice Credly, which behaves well at first."""
    desk = Desk(practice_server)
    yield desk
    desk.control("DELETE", "plan")
    desk.control("POST", "switches", WELL_BEHAVED)
    desk.http.close()


@pytest.fixture
def world(app: Flask, credly: Desk, otto: Person, lena: Person, now: datetime) -> World:
    """A connected portal with one badge on one course, and Lena who learns."""
    return World(app, credly, otto, lena, now)


@pytest.fixture
def now() -> datetime:
    """The present moment of a test, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A visitor who has not signed in."""
    return Browser(app)


@pytest.fixture
def ada(app: Flask):
    """Ada the administrator."""
    return make_person("Ada Admin", roles={"admin"})


@pytest.fixture
def ivar(app: Flask):
    """Ivar the integration admin."""
    return make_person("Ivar Integration", roles={"integration_admin"})


@pytest.fixture
def otto(app: Flask):
    """Otto the author."""
    return make_person("Otto Author", roles={"author"})


@pytest.fixture
def lena(app: Flask):
    """Lena the learner."""
    return make_person("Lena Learner")


@pytest.fixture
def elsewhere(tmp_path: Path, practice_server) -> Iterator[Callable[..., Flask]]:
    """Builds portals in empty folders of their own, on a database of their own; leaves the last."""
    common = {"CREDLY_EXTRA_HOSTS": practice_server.host, "CREDLY_RATE": "0"}
    with many_portals() as build:
        yield lambda name, **words: build(common | words, tmp_path / name)
