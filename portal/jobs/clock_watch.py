"""Watching the machine's clock, which may be set back while moments that it told still wait."""

import math
import time
from datetime import datetime, timedelta

from portal.services.issuing.clock_jumps import bring_back, seconds_ahead
from portal.services.means import Means

SMALLEST_JUMP = 5.0  # seconds that the clock may be put right without anybody caring


class ClockWatch:
    """What one process saw of the clock."""

    def __init__(self) -> None:
        self._seen: tuple[float, float] | None = None
        self._look_back_at = 0.0  # of the monotonic clock

    def look(self, means: Means, now: datetime) -> bool:
        """Notice when the clock was set back, and let nothing wait for a time undone.

        What was written shows it, too: before this process first looked, and by a call that was
        under way when the clock jumped, whose outcome comes within its lease.
        """
        monotonic, clock = time.monotonic(), now.timestamp()
        passed, told = self._seen or (monotonic, clock)
        ahead = (monotonic - passed) - (clock - told)
        if ahead > SMALLEST_JUMP:
            self._look_back_at = monotonic + means.rules.lease
        elif monotonic >= self._look_back_at:
            ahead = seconds_ahead(now)
            self._look_back_at = math.inf if self._seen else monotonic + means.rules.lease
        self._seen = monotonic, clock
        if ahead > SMALLEST_JUMP:
            bring_back(timedelta(seconds=ahead), means.rules, now)
        return False
