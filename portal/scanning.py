"""The malware scanner: a program of whoever runs the portal, asked about each file.

It gets the file as its standard input and answers by how it ends: 0 for clean, 1 for something
found. What it prints is read by nobody here: it may hold names out of the file.
"""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO


class Verdict(StrEnum):
    """What became of a question; the last three say that the scanner does not work."""

    CLEAN = "clean"
    FOUND = "found"
    BUSY = "busy"
    ENDED = "ended"
    SLOW = "slow"
    NOT_STARTED = "not_started"


@dataclass(frozen=True)
class Answer:
    """A verdict; `code` is how the program ended, where it did by itself."""

    verdict: Verdict
    code: int | None = None


_BY_CODE = {0: Verdict.CLEAN, 1: Verdict.FOUND}


@dataclass
class Scanner:
    """A command with its arguments, the seconds it may take, and all it learns of the environment.

    Threads share it: one that hangs must not hold up all that serve pages, of which four are half.
    `patience` is how many seconds one waits for a turn.
    """

    command: tuple[str, ...]
    seconds: float
    environment: Mapping[str, str]
    at_once: int = 4
    patience: float = 5.0
    _turns: threading.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._turns = threading.BoundedSemaphore(self.at_once)

    def look_at(self, file: IO[bytes], *, aloud: bool = False) -> Answer:
        """Ask about an open file, from where its descriptor stands; `aloud` shows what is said."""
        if not self._turns.acquire(timeout=self.patience):
            return Answer(Verdict.BUSY)
        try:
            return self._ask(file, None if aloud else subprocess.DEVNULL)
        finally:
            self._turns.release()

    def _ask(self, file: IO[bytes], to: int | None) -> Answer:
        try:
            program = subprocess.Popen(  # noqa: S603 — no shell, and no word of it from a visitor
                self.command,
                stdin=file,
                stdout=to,
                stderr=to,
                cwd="/",
                env=self.environment,
                start_new_session=True,
            )
        except OSError:
            return Answer(Verdict.NOT_STARTED)
        try:
            code = program.wait(self.seconds)
        except subprocess.TimeoutExpired:
            _end(program)
            return Answer(Verdict.SLOW)
        return Answer(_BY_CODE.get(code, Verdict.ENDED), code)


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program with all that it began."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
