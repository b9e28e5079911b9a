"""Ports for servers that are told where to listen.

They lie below those that the system hands out by itself, so between being found and being used
none can go to a connection or a server that takes any port. Each test process has its own share.
"""

import itertools
import os
import random
import socket
from pathlib import Path

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOWEST, STEP = 10_100, 2  # browsers refuse some ports below; and the port above is free, too


def _end() -> int:
    """Where the ports begin that the system hands out by itself."""
    try:
        first = int(RANGE.read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        first = 32_768
    return first if first > LOWEST + 4000 else 32_768


def _share() -> tuple[int, int]:
    """The number of this test process, and how many there are."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return int(number), int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))


def _candidates():
    number, count = _share()
    ours = range(LOWEST + STEP * number, _end() - 1, STEP * count)
    begin = random.randrange(len(ours))  # another run of the tests may go on beside this one
    return itertools.cycle([*ours[begin:], *ours[:begin]])


_next = _candidates()


def free_port() -> int:
    """Return a port that is free now, and so is the one above it; not the same one soon again."""
    return next(port for port in _next if _is_free(port) and _is_free(port + 1))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
