"""Stages for the fault suite. Slow tests, with the real waiting times, run in CI or when named."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.databases import Blank
from tests.faults.stage import Practice, Stage
from tests.redis import end_shared_redis

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the slow ones out, unless this is CI or they were asked for by `-m slow`.

    In CI they come first: they wait while others work.
    """
    slow = {
        id(one)
        for one in items
        if HERE in one.path.parents and one.get_closest_marker("slow") is not None
    }
    if os.environ.get("CI") or "slow" in config.getoption("markexpr"):
        items.sort(key=lambda one: id(one) not in slow)
    elif slow:
        config.hook.pytest_deselected(items=[one for one in items if id(one) in slow])
        items[:] = [one for one in items if id(one) not in slow]


@pytest.fixture(scope="session", autouse=True)
def _redis_ends() -> Iterator[None]:
    """With Celery, let no Redis outlive the suite."""
    yield
    end_shared_redis()


@pytest.fixture(scope="session")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Practice Credly, a process for the whole suite."""
    running = Practice(tmp_path_factory.mktemp("practice"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blank]:
    """An empty portal to copy: on PostgreSQL where TEST_DATABASE_URL says so, else on SQLite."""
    made = Blank(tmp_path_factory.mktemp("blank"))
    yield made
    made.drop()


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Blank:
    """An empty portal on SQLite, whatever the others run on: its file is what is tried."""
    return Blank(tmp_path_factory.mktemp("blank-file"), server="")


@pytest.fixture
def stage(tmp_path: Path, practice: Practice, blank: Blank) -> Iterator[Stage]:
    """A portal with nothing in it and no process yet."""
    with Stage(tmp_path, practice, blank) as made:
        yield made


@pytest.fixture
def file_stage(tmp_path: Path, practice: Practice, blank_file: Blank) -> Iterator[Stage]:
    """The same, on a SQLite file."""
    with Stage(tmp_path, practice, blank_file) as made:
        yield made
