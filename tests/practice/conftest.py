"""A practice Credly of its own for each test, and a desk that speaks to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.practice.server import PracticeServer, start_thread
from tests.practice.desk import Desk


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[PracticeServer]:
    with start_thread(tmp_path / "practice.db") as server:
        yield server


@pytest.fixture
def desk(practice: PracticeServer) -> Iterator[Desk]:
    opened = Desk(practice)
    yield opened
    opened.http.close()
