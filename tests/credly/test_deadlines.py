"""One thread watches over the total time of every call."""

import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from portal.credly.deadlines import Deadline

ROOT = Path(__file__).resolve().parents[2]


def hears_nothing(seconds: float, ended: list[float]) -> None:
    """Read from a socket on which nothing comes, for as long as the deadline lets it."""
    here, there = socket.socketpair()
    began = time.monotonic()
    with here, there, Deadline(seconds) as deadline:
        deadline.guard(here)
        assert here.recv(1) == b""
        ended.append(time.monotonic() - began)
        assert deadline.passed


def test_each_call_ends_at_its_own_time_whichever_began_first():
    ended: list[float] = []
    calls = [
        threading.Thread(target=hears_nothing, args=(seconds, ended)) for seconds in (0.4, 0.1, 0.2)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join(30)
    assert len(ended) == 3
    assert all(took >= least for took, least in zip(ended, (0.1, 0.2, 0.4), strict=True))


def test_a_call_that_ended_in_time_is_left_alone():
    here, there = socket.socketpair()
    with here, there:
        with Deadline(0.05) as deadline:
            deadline.guard(here)
        time.sleep(0.15)
        there.sendall(b"x")
        assert here.recv(1) == b"x"
        assert not deadline.passed


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
hears_nothing(0.1, [])
if child:
    assert os.waitpid(child, 0)[1] == 0
"""


def test_a_forked_process_watches_by_itself():
    subprocess.run([sys.executable, "-W", "ignore", "-c", FORKS], check=True, timeout=60, cwd=ROOT)
