"""The portal as a process of its own, in a folder of its own, with nothing of our environment."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
# Whoever starts the tests in the background makes them, and all they start, deaf to Ctrl-C.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
PATIENCE = 300.0  # seconds; only a machine that is very busy comes near it


def environment(instance: Path, words: dict[str, str]) -> dict[str, str]:
    """Return the whole environment of a process: this folder, these words, and no others."""
    return {"PATH": os.environ["PATH"], "INSTANCE": str(instance), **words}


def run(instance: Path, *arguments: str, **words: str) -> subprocess.CompletedProcess[str]:
    """Run `python …` to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(instance, words),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def flask(instance: Path, *arguments: str, **words: str) -> subprocess.CompletedProcess[str]:
    """Run `flask --app app …` to its end."""
    return run(instance, "-m", "flask", "--app", "app", *arguments, **words)


class Process:
    """`python …` that goes on until it is stopped; what it prints is kept line by line."""

    def __init__(self, instance: Path, *arguments: str, **words: str) -> None:
        self.child = subprocess.Popen(
            [sys.executable, "-u", *arguments],
            cwd=ROOT,
            env=environment(instance, words),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.out: list[str] = []
        self.err: list[str] = []
        pairs = ((self.child.stdout, self.out), (self.child.stderr, self.err))
        self._readers = [threading.Thread(target=_read, args=pair) for pair in pairs]
        for reader in self._readers:
            reader.start()

    @property
    def pid(self) -> int:
        return self.child.pid

    def wait_for(self, words: str) -> str:
        """Return the line in which these words are printed."""
        return wait_until(lambda: next((line for line in [*self.out] if words in line), None), self)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and return the exit code."""
        self.child.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        code = self.child.wait(PATIENCE)
        for reader in self._readers:
            reader.join()
        return code

    def __enter__(self) -> "Process":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        trouble: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.child.poll() is None:
            self.child.kill()
        self.ended()
        for pipe in (self.child.stdout, self.child.stderr):
            pipe.close()


def serve(instance: Path, **words: str) -> Process:
    """Start the portal and wait until it serves. Without PORT it takes a free one."""
    words = {"PORT": str(free_port()), **words}
    process = Process(instance, "app.py", **words)
    process.wait_for(f"http://127.0.0.1:{words['PORT']}")
    return process


def wait_until(question, process: Process | None = None) -> Any:
    """Ask again and again until the answer is true, and return it."""
    ends = time.monotonic() + PATIENCE
    while not (answer := question()):
        assert time.monotonic() < ends, "it did not happen in time"
        if process and process.child.poll() is not None:
            process.ended()
            assert (answer := question()), process.out + process.err
            return answer
        time.sleep(0.05)
    return answer


def ask(database: Path, query: str) -> list[tuple]:
    """Return what a database file holds, without being able to change it."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(query).fetchall()
    finally:
        connection.close()


def _read(pipe, lines: list[str]) -> None:
    for line in pipe:
        lines.append(line.rstrip("\n"))
