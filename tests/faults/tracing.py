"""A running process under strace: faults of the system's own calls, and whom it connects to."""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pytest

STRACE = shutil.which("strace")
SYNCS = "fsync,fdatasync"
# As strace writes the places of IPv4 and IPv6.
_PLACE = re.compile(r'sin6?_port=htons\((\d+)\), .*?inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"')
NOT_HERE = "needs strace, and a machine that lets it trace"


@cache
def can_trace() -> bool:
    """Whether there is strace, and the machine lets it look at a process of ours."""
    if STRACE is None:
        return False
    with subprocess.Popen(["/bin/sleep", "30"]) as sleeper:
        try:
            with injected(sleeper.pid, "error=EIO"):
                return True
        except RuntimeError:
            return False
        finally:
            sleeper.kill()


@contextmanager
def injected(pid: int, what: str, calls: str = SYNCS) -> Iterator[None]:
    """Let these calls of a process go wrong as strace's `inject` says, in every thread it has.

    Afterwards they go well again, if the process is still there.
    """
    words = ["-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={calls}:{what}"]
    with _traced(pid, *words):
        yield


@contextmanager
def connections(pid: int, notes: Path) -> Iterator[set[tuple[str, int]]]:
    """Collect the address and port of all that a process connects to; complete at the end."""
    seen: set[tuple[str, int]] = set()
    # A name is looked up by what is sent, too: not every resolver connects first.
    with _traced(pid, "-s", "0", "-o", str(notes), "-e", "trace=connect,sendto,sendmsg,sendmmsg"):
        yield seen
    for port, quoted in _PLACE.findall(notes.read_text(encoding="utf-8")):
        seen.add((quoted, int(port)))


@contextmanager
def _traced(pid: int, *words: str) -> Iterator[None]:
    command = [str(STRACE), "-f", "-qq", *words, "-p", str(pid)]
    with tempfile.TemporaryFile("w+") as said:
        tracer = subprocess.Popen(command, stderr=said, stdout=said)
        try:
            _wait_for(pid, tracer, said)
            yield
        finally:
            if tracer.poll() is None:
                tracer.terminate()  # it lets go of the process first
            tracer.wait(60)


def _wait_for(pid: int, tracer: subprocess.Popen, said) -> None:
    ends = time.monotonic() + 60
    while not _is_traced(pid):
        if tracer.poll() is not None and _has_ended(pid):
            return  # the fault came while the last threads were still being taken
        if tracer.poll() is not None or time.monotonic() > ends:
            said.seek(0)
            raise RuntimeError(f"strace did not begin: {said.read()}")
        time.sleep(0.02)


def _is_traced(pid: int) -> bool:
    """Whether every thread of the process has its tracer."""
    tasks = _statuses(pid)
    return bool(tasks) and all("TracerPid:\t0\n" not in one for one in tasks)


def _has_ended(pid: int) -> bool:
    """Whether nothing of the process runs any more, whoever has yet to hear of its end."""
    return all("State:\tZ" in one for one in _statuses(pid))


def _statuses(pid: int) -> list[str]:
    """What the system tells of each thread; one that ends meanwhile is left out."""
    told = []
    for task in Path(f"/proc/{pid}/task").glob("*/status"):
        with suppress(FileNotFoundError, ProcessLookupError):
            told.append(task.read_text())
    return told


needs_tracing = pytest.mark.skipif(not can_trace(), reason=NOT_HERE)
