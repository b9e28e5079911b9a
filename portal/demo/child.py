"""Practice Credly as a child process that ends with its parent, however the parent ends."""

import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.serving import CannotServe

ROOT = Path(__file__).resolve().parents[2]
HOST = "127.0.0.1"
PATIENCE = 10.0  # seconds: the child of a portal that was killed needs a moment to notice
MOST_PORTS = 100


@contextmanager
def practice_credly(folder: Path, port: int) -> Iterator[str]:
    """Run practice Credly over `folder`, on `port` or the next free one; give its host:port.

    Raises CannotServe when another demo works in this folder, or practice Credly does not start.
    """
    with _alone_in(folder) as lock:
        child, address = _start(folder / "practice.db", _free_port(port), lock)
        try:
            yield address
        finally:
            _end(child)


@contextmanager
def _alone_in(folder: Path) -> Iterator[int]:
    """Hold the folder's lock. The child inherits it, so a left-over child is waited for."""
    lock = os.open(folder / "practice.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(lock, folder)
        yield lock
    finally:
        os.close(lock)


def _take(lock: int, folder: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            if time.monotonic() > ends:
                raise CannotServe(f"Another demo is running in {folder}. Stop it first.") from exc
            time.sleep(0.1)
        else:
            return


def _free_port(wanted: int) -> int:
    """Return the first free port from `wanted` on; 0, which takes any, when there is none."""
    ports = range(wanted, min(wanted + MOST_PORTS, 65536))
    return next((port for port in ports if _is_free(port)), 0)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _start(database: Path, port: int, lock: int) -> tuple[subprocess.Popen[str], str]:
    words = {"--port": port, "--host": HOST, "--database": database, "--parent-pid": os.getpid()}
    options = [str(word) for pair in words.items() for word in pair]
    child = subprocess.Popen(  # noqa: S603 — our own module, and no word of it from outside
        [sys.executable, "-m", "portal.practice", *options],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=(lock,),
        # Ctrl-C is for the portal, which finishes its calls first and then ends the child.
        start_new_session=True,
    )
    said = child.stdout.readline() if child.stdout else ""
    if "http://" not in said:
        _end(child)
        raise CannotServe(f"Practice Credly cannot be started on port {port}.")
    return child, said.strip().rpartition("http://")[2]


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    if child.stdout:
        child.stdout.close()
