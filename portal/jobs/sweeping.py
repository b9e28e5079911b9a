"""The broom: every few minutes in every engine. Doing it twice at once does no harm."""

import time
from datetime import datetime

from portal.extensions import db
from portal.services.issuing.books import ask_nightly
from portal.services.issuing.inbound import forget_old
from portal.services.issuing.sweeping import hand_in_forgotten, release_what_may_go
from portal.services.issuing.token_age import mail_warnings
from portal.services.liveness import leave_sign
from portal.services.means import Means
from portal.services.people import brake, sessions

EVERY = 300.0  # seconds
BEAT_EVERY = 10.0
_last: dict[str, float] = {}


def beat(means: Means, now: datetime) -> bool:
    """Leave a sign every few seconds that this engine is alive."""
    if time.monotonic() - _last.get("beat", -BEAT_EVERY) >= BEAT_EVERY:
        _last["beat"] = time.monotonic()
        leave_sign(now)
    return False


def sweep(means: Means, now: datetime) -> bool:
    """Sweep when it is time again. Never says there was work: the next look may wait."""
    if time.monotonic() - _last.get("swept", -EVERY) < EVERY:
        return False
    _last["swept"] = time.monotonic()
    hand_in_forgotten(now)
    release_what_may_go(now)
    forget_old(now)
    ask_nightly(now)
    mail_warnings(means, now)
    sessions.sweep(now)
    brake.sweep(now)
    db.session.commit()
    return False
