"""What background work does when somebody looks: the steps of each line, deliveries in their slots.

When to look is the engine's to say: `loop.py` by threads, `celery.py` by messages.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from flask import Flask

from portal.clock import utc_now
from portal.extensions import db, end_looking, set_reading
from portal.jobs.clock_watch import ClockWatch
from portal.jobs.mailing import send_next, set_aside
from portal.jobs.sweeping import beat, sweep
from portal.later import later
from portal.logs import about, trouble
from portal.services.issuing.books import run_next as balance_next
from portal.services.issuing.deliver import carry
from portal.services.issuing.dispatch import Claim, claim_due, claim_this, due_now
from portal.services.issuing.holding import let_go_due
from portal.services.issuing.images import fetch_next
from portal.services.issuing.inbound import work_off_next
from portal.services.issuing.open_badges import fetch_next as fetch_open_badge
from portal.services.issuing.patience import DeliveryRules
from portal.services.issuing.reading_back import read_next, refresh_next
from portal.services.issuing.sweeping import ask_held_again
from portal.services.issuing.syncing import run_next as sync_next
from portal.services.issuing.webhook_addresses import settle_next as settle_webhook
from portal.services.learning.applying import run_next as apply_next
from portal.services.learning.earlier_running import run_next as award_earlier_next
from portal.services.liveness import count_engines
from portal.services.means import Means
from portal.services.people.forgotten import answer_next
from portal.services.running.portal_settings import refresh

running = later("portal.services.importing.running")  # not before the first look

log = logging.getLogger(__name__)
TICK = 1.0  # seconds between looks when nothing was due
A_WHILE = 1.0  # seconds that a slot goes on with a connection before it looks who else waits
Step = Callable[[Means, datetime], bool]
Result = TypeVar("Result")


def import_next(means: Means, now: datetime) -> bool:
    """Work on one due import for a while; say whether there was anything to do."""
    return running.run_next(means, now)


def know_the_portal(means: Means, _now: datetime) -> bool:
    """Look what the portal is called and which clock it counts by, should that have changed."""
    refresh(means)
    return False


# No line waits for another, so that a long import keeps no picture waiting.
LINES: dict[str, tuple[Step, ...]] = {
    "reading": (work_off_next, sync_next, read_next, refresh_next, fetch_open_badge),
    "pictures": (fetch_next,),
    "imports": (import_next,),
    "earlier": (award_earlier_next,),
    "sweeping": (let_go_due, ClockWatch().look, sweep, ask_held_again, settle_webhook),
    "books": (balance_next,),
    "learning": (apply_next,),
    "itself": (know_the_portal, beat),
}


class Work:
    """The work of one process. Threads may ask for it at once."""

    def __init__(self, app: Flask):
        self.app = app
        self.means: Means = app.extensions["means"]
        self.stopping = threading.Event()  # set: nothing new is taken
        # Set: a delivery ended, so that there may be room, or a connection is proven.
        self.ended = threading.Event()
        route = app.extensions["mail_route"]
        self.lines = dict(LINES)
        self.lines["mails"] = (answer_next, partial(send_next, route) if route else set_aside)
        self._taken = 0  # slots that have a delivery in hand
        self._count = threading.Lock()

    def look(self, line: str) -> bool | None:
        """Do the steps of a line once; say whether one had work, None after trouble of our own."""
        steps = self.lines[line]
        worked = self.safely(line, lambda: [self._in_app(step) for step in steps])
        return None if worked is None else any(worked)

    def take_due(self) -> list[Claim] | None:
        """Claim what is due for the slots that are free; None after trouble of our own.

        Each claim has its slot until `carry` has ended.
        """
        room = self._reserve(self.means.rules.slots)
        claims = self._asking(partial(claim_due, limit=room)) if room else []
        self._release(room - len(claims or ()))
        return claims

    def due(self, *, but: int) -> list[int]:
        """Say which deliveries could be taken now, oldest first, for the slots of all engines.

        So many less as are in somebody's hands already. None are taken.
        """

        def look(rules: DeliveryRules, now: datetime) -> list[int]:
            slots = rules.slots * max(1, count_engines(now))
            return due_now(limit=slots - but, rules=rules, now=now)

        return self._asking(look) or []

    def take(self, delivery_id: int) -> Claim | None:
        """Claim this delivery if it is due, may leave, and a slot is free."""
        if not self._reserve(1):
            return None
        claim = self._asking(partial(claim_this, delivery_id))
        if claim is None:
            self._release(1)
        return claim

    def carry(self, claim: Claim) -> None:
        """Carry a claim and, as long as all goes well, the next ones of its connection."""
        try:
            with self.app.app_context():  # one session for all: an order is read with its claim
                set_reading(False)
                self._carry_on(claim)
        finally:
            self._release(1)
            self.ended.set()

    def wait_for_deliveries(self, until: float) -> bool:
        """Wait for the calls in flight, at most until this moment of the monotonic clock.

        Says whether all have ended.
        """
        while self._taken and time.monotonic() < until:
            self.ended.wait(0.1)
            self.ended.clear()
        return not self._taken

    def safely(self, name: str, work: Callable[[], Result]) -> Result | None:
        """Work; trouble of our own is logged without its text, and the line goes on."""
        try:
            return work()
        except Exception as exc:  # noqa: BLE001 — whatever it is, the other rows must go on
            log.error("%s stopped short: %s", name, trouble(exc))
            with self.app.app_context():
                db.session.rollback()
            return None

    def _reserve(self, wanted: int) -> int:
        """Take up to so many free slots: never more is claimed (assurance 3, rule 3)."""
        with self._count:
            room = min(wanted, self.means.rules.slots - self._taken)
            self._taken += room
        return room

    def _release(self, slots: int) -> None:
        with self._count:
            self._taken -= slots

    def _asking(self, what: Callable[..., Result]) -> Result | None:
        """Ask the table of deliveries, with the rules and the moment."""

        def ask() -> Result:
            with self.app.app_context():
                set_reading(False)
                return what(rules=self.means.rules, now=utc_now())

        return self.safely("deliveries", ask)

    def _carry_on(self, claim: Claim) -> None:
        following: Claim | None = claim
        ends = time.monotonic() + A_WHILE
        while following is not None:
            goes_on = time.monotonic() < ends and not self.stopping.is_set()
            at_hand = following
            with about(delivery=at_hand.delivery_id):
                following = self.safely(
                    f"delivery {at_hand.delivery_id}", partial(self._carry_one, at_hand, goes_on)
                )

    def _carry_one(self, claim: Claim, goes_on: bool) -> Claim | None:
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
