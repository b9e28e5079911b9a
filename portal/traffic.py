"""Who is being served in this process, so that long work beside it can step aside.

Threads of one process share its interpreter: without this a page that takes 5 ms would take its
turn again and again behind rows that nobody waits for.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

STEP = 0.002  # seconds between two looks whether to go on all the same
MOST = 0.05  # seconds that long work stands still at a time, however many are being served

EVERY = 5  # rows between two looks whether somebody is being served

Politely = Callable[[Iterable[Any]], Iterator[Any]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Traffic:
    """Counts the requests that are being answered."""

    def __init__(self) -> None:
        self._count = 0
        self._lock = threading.Lock()
        self._quiet = threading.Event()
        self._quiet.set()

    @property
    def is_quiet(self) -> bool:
        """Whether nobody is being served."""
        return self._quiet.is_set()

    def watched(self, serve: Wsgi) -> Wsgi:
        """Return the same WSGI app, whose requests are counted while it puts an answer together."""

        def counting(
            environ: dict[str, Any], start_response: Callable[..., Any]
        ) -> Iterable[bytes]:
            self._add(1)
            try:
                return serve(environ, start_response)
            finally:
                self._add(-1)

        return counting

    def give_way(self, unless: Callable[[], bool] = lambda: False) -> None:
        """Stand still while somebody is being served: a moment only, and not if `unless` says so.

        `unless` is for who holds what the others may be waiting for.
        """
        if self.is_quiet:
            return
        ends = time.monotonic() + MOST
        while not unless() and time.monotonic() < ends:
            if self._quiet.wait(STEP):
                return

    def politely(
        self, rows: Iterable[Any], unless: Callable[[], bool] = lambda: False
    ) -> Iterator[Any]:
        """Yield the rows, and give way before every few of them."""
        for number, row in enumerate(rows):
            if number % EVERY == 0:
                self.give_way(unless)
            yield row

    def _add(self, one: int) -> None:
        with self._lock:
            self._count += one
            if self._count:
                self._quiet.clear()
            else:
                self._quiet.set()
