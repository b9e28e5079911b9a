"""The broom: every few minutes in every engine. Doing it twice at once does no harm."""

import time
from datetime import datetime

from portal.extensions import db
from portal.services import audit
from portal.services.api import completions
from portal.services.issuing.books import ask_nightly
from portal.services.issuing.inbound import forget_old
from portal.services.issuing.open_badges import ask_for_new
from portal.services.issuing.recovering import let_failing_try
from portal.services.issuing.reminders import remind
from portal.services.issuing.sweeping import (
    follow_changed_people,
    hand_in_forgotten,
    release_usable_names,
    release_what_may_go,
)
from portal.services.issuing.token_age import warn
from portal.services.learning import files
from portal.services.learning.notices import warn_of_due
from portal.services.liveness import forget_silent, leave_sign
from portal.services.means import Means
from portal.services.people import (
    api_tokens,
    brake,
    mails,
    notifications,
    one_time_links,
    sessions,
)
from portal.services.privacy.clearing import clear_again
from portal.services.privacy.revoking import revoke_found_later
from portal.services.retention import Retention

EVERY = 300.0  # seconds
BEAT_EVERY = 10.0
_last: dict[str, float] = {}


def beat(means: Means, now: datetime) -> bool:
    """Leave a sign every few seconds that this engine is alive."""
    if time.monotonic() - _last.get("beat", -BEAT_EVERY) >= BEAT_EVERY:
        _last["beat"] = time.monotonic()
        leave_sign(means.meter, now)
    return False


def sweep(means: Means, now: datetime) -> bool:
    """Sweep when it is time again. Never says there was work: the next look may wait."""
    if time.monotonic() - _last.get("swept", -EVERY) < EVERY:
        return False
    _last["swept"] = time.monotonic()
    hand_in_forgotten(now)
    release_what_may_go(now)
    release_usable_names(now)
    follow_changed_people(now)
    ask_nightly(now)
    ask_for_new(now)
    warn(now)
    remind(now)
    warn_of_due(now)
    _forget(means.kept, now)
    revoke_found_later(now)
    clear_again(now)
    forget_silent(now)
    db.session.commit()
    files.remove_strays(means, now)
    let_failing_try(means, now)
    return False


def _forget(kept: Retention, now: datetime) -> None:
    """Drop what was kept long enough; the files of imports go with their own job."""
    audit.sweep(kept.networks, now)
    forget_old(kept.events, now)
    mails.sweep(kept.mails, now)
    notifications.sweep(kept.notifications, now)
    one_time_links.sweep(kept.links, now)
    api_tokens.sweep(kept.links, now)
    completions.sweep(kept.api_answers, now)
    sessions.sweep(now)
    brake.sweep(now)
