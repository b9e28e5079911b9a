"""Long work steps aside for whoever is being served, and never for long."""

import threading
import time

import pytest

from portal.traffic import MOST, Traffic


@pytest.fixture
def served():
    """Traffic with one request that is being answered until the test ends it."""
    traffic, begun, over = Traffic(), threading.Event(), threading.Event()

    def page(_environ, _start_response):
        begun.set()
        over.wait(60)
        return [b"done"]

    thread = threading.Thread(target=lambda: traffic.watched(page)({}, print))
    thread.start()
    assert begun.wait(60)

    def end() -> None:
        over.set()
        thread.join()

    traffic.end = end
    yield traffic
    end()


def seconds(work) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_in_quiet_nobody_waits():
    assert list(Traffic().politely(range(25))) == list(range(25))
    looks = []
    Traffic().give_way(unless=lambda: looks.append("whether to go on all the same"))
    assert not looks


def test_work_stands_still_while_a_page_is_put_together_but_goes_on_in_the_end(served):
    assert seconds(served.give_way) >= MOST


def test_work_goes_on_as_soon_as_the_page_is_there(served):
    looks = []

    def while_waiting() -> bool:
        looks.append("whether to go on all the same")
        served.end()
        return False

    served.give_way(unless=while_waiting)
    assert len(looks) == 1
    assert served.is_quiet


def test_who_holds_what_the_others_wait_for_goes_on(served):
    # Once in a hundred times even a crowded machine is quick enough to see that nothing waited.
    assert any(seconds(lambda: served.give_way(unless=lambda: True)) < MOST for _ in range(100))


def test_a_page_that_fails_is_over_all_the_same():
    traffic = Traffic()

    def broken(_environ, _start_response):
        raise ValueError("gone")

    with pytest.raises(ValueError, match="gone"):
        traffic.watched(broken)({}, print)
    assert traffic.is_quiet
