"""The figures of delivery (assurance 3): lease, quiet period, waits, patience."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

SPREAD = 0.2  # ±20 %, so that what failed together does not come back together
PROBE_EVERY = 60.0
PROVEN_FOR = 60.0
LONGEST_ASKED_WAIT = 3600.0
# How long a connection that Credly refused is left alone before it is asked by itself again.
ASK_HELD_AGAIN = timedelta(minutes=15)
# A connection that has failed for so long is no passing trouble: the light turns red, and where
# nothing is due the organisation is asked for, so that hours of waiting end with the trouble.
FAILING_LONG = timedelta(minutes=30)


@dataclass(frozen=True)
class DeliveryRules:
    """All in seconds, but `rate` (requests a second and connection, 0 for no limit) and `slots`."""

    lease: float = 90.0
    quiet: float = 120.0
    patience: float = 7 * 86400.0
    waits: tuple[float, ...] = (60.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 43200.0)
    rate: float = 10.0
    slots: int = 4

    @property
    def scale(self) -> float:
        """How much shorter than in real life everything is; tests shorten all in proportion."""
        return min(1.0, self.lease / 90.0)

    def wait_after(self, failures: int) -> timedelta:
        """Return the wait behind the n-th failure in a row (1 is the first), spread a little."""
        wait = self.waits[min(failures, len(self.waits)) - 1]
        spread = 1 + random.uniform(-SPREAD, SPREAD)  # noqa: S311 — not a secret
        return timedelta(seconds=wait * spread)

    @property
    def probe_every(self) -> timedelta:
        """How often a failing connection is tried with one delivery."""
        return timedelta(seconds=PROBE_EVERY * self.scale)

    @property
    def proven_for(self) -> timedelta:
        """How long a good answer lets several calls go out at once."""
        return timedelta(seconds=PROVEN_FOR * self.scale)

    def just_proven(self, proven_at: datetime | None, now: datetime) -> bool:
        """Whether a good answer is so fresh that another says nothing new."""
        return proven_at is not None and now - proven_at < self.proven_for / 2

    @property
    def lease_time(self) -> timedelta:
        """How long a claimed row belongs to its worker."""
        return timedelta(seconds=self.lease)

    @property
    def quiet_period(self) -> timedelta:
        """How long after a POST a look-up may still miss what it booked."""
        return timedelta(seconds=self.quiet)
