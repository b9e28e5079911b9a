"""The engine of background work: a thread in the server process, or `flask worker`.

Rows in the database say what is due; this says when to look. Any number of engines may run.
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TypeVar

from flask import Flask

from portal.clock import utc_now
from portal.extensions import db, end_looking, set_reading
from portal.jobs.mailing import send_next, set_aside
from portal.jobs.sweeping import beat, sweep, watch_clock
from portal.logs import about, trouble
from portal.services.importing.running import run_next as import_next
from portal.services.issuing.books import run_next as balance_next
from portal.services.issuing.deliver import carry
from portal.services.issuing.dispatch import Claim, claim_due
from portal.services.issuing.holding import let_go_due
from portal.services.issuing.images import fetch_next
from portal.services.issuing.inbound import work_off_next
from portal.services.issuing.open_badges import fetch_next as fetch_open_badge
from portal.services.issuing.reading_back import read_next, refresh_next
from portal.services.issuing.sweeping import ask_held_again
from portal.services.issuing.syncing import run_next as sync_next
from portal.services.learning.applying import run_next as apply_next
from portal.services.learning.earlier_running import run_next as award_earlier_next
from portal.services.means import Means
from portal.services.people.forgotten import answer_next
from portal.services.running.portal_settings import refresh

log = logging.getLogger(__name__)
FIRST_LOOK = 0.5  # seconds that pages of the same process are left alone with after a start
TICK = 1.0  # seconds between looks when nothing was due
AFTER_TROUBLE = 5.0
NAP = 0.2  # seconds between two looks whether to stop
# A slot that goes on with the same connection looks around after so many, for others wait too.
IN_A_ROW = 16
Step = Callable[[Means, datetime], bool]
Result = TypeVar("Result")


def know_the_portal(means: Means, _now: datetime) -> bool:
    """Look what the portal is called and which clock it counts by, should that have changed."""
    refresh(means)
    return False


# Each line has a thread of its own, so that a long import keeps no picture waiting.
LINES: dict[str, tuple[Step, ...]] = {
    "reading": (work_off_next, sync_next, read_next, refresh_next, fetch_open_badge),
    "pictures": (fetch_next,),
    "imports": (import_next,),
    "earlier": (award_earlier_next,),
    "sweeping": (beat, let_go_due, watch_clock, sweep, ask_held_again),
    "books": (balance_next,),
    "learning": (apply_next,),
    "settings": (know_the_portal,),
}


class Engine:
    """Runs every line of work until it is stopped."""

    def __init__(self, app: Flask):
        self.app = app
        self.means: Means = app.extensions["means"]
        self._stopping = threading.Event()
        self._asked = False
        self._first_look = 0.0
        slots = self.means.rules.slots
        self._taken = 0  # slots that have a delivery in hand
        self._count = threading.Lock()
        self._ended = threading.Event()  # one ended: there may be room, or a connection proven
        self._pool = ThreadPoolExecutor(slots, "delivery")
        lines = dict(LINES)
        route = app.extensions["mail_route"]
        lines["mails"] = (answer_next, partial(send_next, route) if route else set_aside)
        self._threads = [
            threading.Thread(target=self._run_line, args=(name, steps), name=name, daemon=True)
            for name, steps in lines.items()
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

    def stop(self, timeout: float = 30.0) -> None:
        """Take nothing new; wait for the calls in flight. Their leases end by themselves."""
        ends = time.monotonic() + timeout
        self._stopping.set()
        self._ended.set()
        per_thread = timeout / (len(self._threads) + 1)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(per_thread)
        self._pool.shutdown(wait=False, cancel_futures=False)
        while self._taken and time.monotonic() < ends:
            self._ended.wait(0.1)
            self._ended.clear()

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

    def _run_line(self, name: str, steps: tuple[Step, ...]) -> None:
        self._stopping.wait(self._first_look)
        while not self._stopping.is_set():
            worked = self._safely(name, lambda: [self._in_app(step) for step in steps])
            if worked is None:
                self._stopping.wait(AFTER_TROUBLE)
            elif not any(worked):
                self._stopping.wait(TICK)

    def _run_deliveries(self) -> None:
        self._stopping.wait(self._first_look)
        while not self._stopping.is_set():
            self._ended.clear()
            room = self._room()
            claims = self._safely("deliveries", lambda room=room: self._claim(room)) if room else ()
            for claim in claims or ():
                with self._count:
                    self._taken += 1
                self._pool.submit(self._deliver, claim)
            if not claims and not self._stopping.is_set():
                self._ended.wait(TICK if claims is not None else AFTER_TROUBLE)

    def _room(self) -> int:
        """Return how many slots are free: never more is claimed (assurance 3, rule 3)."""
        with self._count:
            return self.means.rules.slots - self._taken

    def _claim(self, room: int) -> list[Claim]:
        with self.app.app_context():
            set_reading(False)
            return claim_due(limit=room, rules=self.means.rules, now=utc_now())

    def _deliver(self, claim: Claim) -> None:
        """Carry a claim and, as long as all goes well, the next ones of its connection."""
        try:
            with self.app.app_context():  # one session for all: an order is read with its claim
                set_reading(False)
                self._carry_on(claim)
        finally:
            with self._count:
                self._taken -= 1
            self._ended.set()

    def _carry_on(self, claim: Claim) -> None:
        following: Claim | None = claim
        left = IN_A_ROW
        while following is not None:
            left -= 1
            at_hand, goes_on = following, left > 0 and not self._stopping.is_set()
            with about(delivery=at_hand.delivery_id):
                following = self._safely(
                    f"delivery {at_hand.delivery_id}", partial(self._carry, at_hand, goes_on)
                )

    def _carry(self, claim: Claim, goes_on: bool) -> Claim | None:
        state, following = carry(claim, means=self.means, clock=utc_now, goes_on=goes_on)
        self.means.meter.tried(state.value if state else "not_ours")
        log.info("delivery %s is %s", claim.delivery_id, state)
        return following

    def _in_app(self, step: Step) -> bool:
        with self.app.app_context():
            set_reading(False)
            worked = step(self.means, utc_now())
            end_looking()
            return worked

    def _safely(self, name: str, work: Callable[[], Result]) -> Result | None:
        """Work; trouble of our own is logged without its text, and the line goes on."""
        try:
            return work()
        except Exception as exc:  # noqa: BLE001 — whatever it is, the other rows must go on
            log.error("%s stopped short: %s", name, trouble(exc))
            with self.app.app_context():
                db.session.rollback()
            return None
