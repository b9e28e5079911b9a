"""One thread watches over the total time of every call."""

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from portal.credly.deadlines import Deadline

ROOT = Path(__file__).resolve().parents[2]


def hears_nothing(seconds: float, ended: dict[float, float]) -> None:
    """Read from a socket on which nothing comes, for as long as the deadline lets it."""
    here, there = socket.socketpair()
    began = time.monotonic()
    with here, there, Deadline(seconds) as deadline:
        deadline.guard(here)
        assert here.recv(1) == b""
        ended[seconds] = time.monotonic() - began
        assert deadline.passed


def test_each_call_ends_at_its_own_time_whichever_began_first():
    ended: dict[float, float] = {}
    calls = [
        threading.Thread(target=hears_nothing, args=(seconds, ended)) for seconds in (0.4, 0.1, 0.2)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join(60)
    assert sorted(ended) == [0.1, 0.2, 0.4]
    assert all(took >= seconds for seconds, took in ended.items())


def is_left_alone(seconds: float) -> bool:
    """Check it of a call with so much time; say False if the machine was too slow to end in it."""
    here, there = socket.socketpair()
    with here, there:
        with Deadline(seconds) as deadline:
            deadline.guard(here)
        if deadline.passed:
            return False
        time.sleep(seconds + 0.1)
        there.sendall(b"x")
        assert here.recv(1) == b"x"
        assert not deadline.passed
    return True


def test_a_call_that_ended_in_time_is_left_alone():
    assert any(is_left_alone(seconds) for seconds in (0.05, 0.5, 5))


def test_a_hundred_calls_need_one_thread():
    with Deadline(30):
        before = threading.active_count()
    for _call in range(100):
        with Deadline(30):
            assert threading.active_count() <= before


FORKS = """
import os
from tests.credly.test_deadlines import Deadline, hears_nothing
with Deadline(30):
    pass
child = os.fork()
hears_nothing(0.1, {})
if child:
    assert os.waitpid(child, 0)[1] == 0
"""


def test_a_forked_process_watches_by_itself():
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS], check=True, timeout=60, cwd=ROOT)
