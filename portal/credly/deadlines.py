"""The total time of a call: when it is over, its socket is shut, whatever phase it is in.

One thread watches over all calls of the process. A timer for each would be a new thread for each,
which costs more than half of what the call itself does.
"""

import contextlib
import heapq
import itertools
import os
import socket
import threading
import time
from types import TracebackType

_here = threading.local()


class Deadline:
    """The total time of one call in this thread. `passed` tells whether it was over."""

    def __init__(self, seconds: float) -> None:
        self.passed, self.over = False, False
        self._seconds = seconds
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None

    def __enter__(self) -> "Deadline":
        _here.deadline = self
        _watch.over(self, time.monotonic() + self._seconds)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        _here.deadline = None
        with self._lock:
            self.over = True
            self._drop()

    def guard(self, sock: socket.socket) -> None:
        """Let this socket be shut when the time is over.

        It keeps a second handle on it: TLS takes the first one over, and http.client closes it
        early when the server announces that it will hang up.
        """
        with self._lock:
            self._drop()
            self._handle = socket.socket(fileno=os.dup(sock.fileno()))
            if self.passed:
                self._shut()

    def strike(self) -> None:
        """The time is over; nothing happens to a call that ended before."""
        with self._lock:
            if not self.over:
                self.passed = True
                self._shut()

    def _shut(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(OSError):  # the other side was quicker
                self._handle.shutdown(socket.SHUT_RDWR)

    def _drop(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


def deadline_here() -> Deadline | None:
    """Return the deadline of the call that this thread is making."""
    return getattr(_here, "deadline", None)


class _Watch:
    """The thread that strikes. It begins with the first call and ends with the process."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, Deadline]] = []
        self._order = itertools.count()  # of two at the same moment the first goes first
        self._thread: threading.Thread | None = None

    def over(self, deadline: Deadline, ends: float) -> None:
        """Strike this deadline at that moment of the monotonic clock."""
        entry = (ends, next(self._order), deadline)
        with self._changed:
            heapq.heappush(self._waiting, entry)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._waiting[0] is entry:  # else it wakes early enough for this one
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait(self._until_next())
                due = self._take_due()
            for deadline in due:
                deadline.strike()

    def _until_next(self) -> float | None:
        """Seconds until the next call that still goes on; those that ended are forgotten here."""
        while self._waiting and self._waiting[0][2].over:
            heapq.heappop(self._waiting)
        return max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else None

    def _take_due(self) -> list[Deadline]:
        due, now = [], time.monotonic()
        while self._waiting and self._waiting[0][0] <= now:
            due.append(heapq.heappop(self._waiting)[2])
        return due


_watch = _Watch()


def _begin_anew() -> None:
    """A forked process has none of our threads, and a lock of them may be taken for ever."""
    global _watch
    _watch = _Watch()


os.register_at_fork(after_in_child=_begin_anew)
