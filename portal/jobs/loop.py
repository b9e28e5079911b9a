"""The engine of background work: a thread in the server process, or `flask worker`.

Rows in the database say what is due; this says when to look. Any number of engines may run.
"""

import logging
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from portal.jobs.work import TICK, Work

log = logging.getLogger(__name__)
FIRST_LOOK = 0.5  # seconds that pages of the same process are left alone with after a start
AFTER_TROUBLE = 5.0
STOP_WITHIN = 28.0  # seconds: with what comes before and after it, 30 to whoever waits for the end
NAP = 0.2  # seconds between two looks whether to stop


class Engine:
    """Runs every line of work until it is stopped; each has a thread of its own."""

    def __init__(self, app: Flask):
        self.work = Work(app)
        self._stopping = self.work.stopping
        self._asked = False
        self._first_look = 0.0
        self._pool = ThreadPoolExecutor(self.work.means.rules.slots, "delivery")
        self._threads = [
            threading.Thread(target=self._run_line, args=(name,), name=name, daemon=True)
            for name in self.work.lines
        ]
        self._threads.append(
            threading.Thread(target=self._run_deliveries, name="deliveries", daemon=True)
        )

    def start(self, *, beside_pages: bool = False) -> None:
        """Begin to work; `beside_pages` where the same process serves."""
        if beside_pages:
            # They wait this long for their turn beside a long import, at each of their queries;
            # Python's own 5 ms add up. A worker has nobody who waits, and changes less often.
            sys.setswitchinterval(0.0002)
            self._first_look = FIRST_LOOK
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = STOP_WITHIN) -> bool:
        """Take nothing new; wait for the calls in flight and say whether they ended.

        What has not ended says in its row that it may have worked; its lease ends by itself.
        """
        ends = time.monotonic() + timeout
        self._stopping.set()
        self.work.ended.set()
        per_thread = timeout / (len(self._threads) + 1)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(per_thread)
        self._pool.shutdown(wait=False, cancel_futures=False)
        return self.work.wait_for_deliveries(ends)

    def wait(self) -> None:
        """Block until somebody asks to stop."""
        # Awake now and then: a signal that the system gave to another thread is seen by this one
        # only when it runs. And a mere flag: to set an event in a handler that interrupted the
        # waiting for it can wait for itself.
        while not self._asked:
            time.sleep(NAP)

    def ask_to_stop(self) -> None:
        """Let `wait` return; for signal handlers."""
        self._asked = True

    def end_process(self) -> None:
        """Stop, and end this process: at once if a call is still in flight then.

        A look-up and the sending after it may take longer than anybody waits; Python would.
        """
        if not self.stop():
            log.warning("ended with a call in flight")
            logging.shutdown()
            os._exit(0)

    def _run_line(self, name: str) -> None:
        self._stopping.wait(self._first_look)
        while not self._stopping.is_set():
            worked = self.work.look(name)
            if worked is None:
                self._stopping.wait(AFTER_TROUBLE)
            elif not worked:
                self._stopping.wait(TICK)

    def _run_deliveries(self) -> None:
        self._stopping.wait(self._first_look)
        while not self._stopping.is_set():
            self.work.ended.clear()
            claims = self.work.take_due()
            for claim in claims or ():
                self._pool.submit(self.work.carry, claim)
            if not claims and not self._stopping.is_set():
                self.work.ended.wait(TICK if claims is not None else AFTER_TROUBLE)
