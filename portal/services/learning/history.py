"""What was learned elsewhere: completions of another system, with all that follows from them.

Its awards are *not sent by choice* unless somebody wants them sent. Nothing here commits.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from portal.models import Enrolment, Person, ReachedLevel
from portal.services.learning import chain

HISTORY = "history"


def complete(
    learner: Person,
    done: Mapping[Enrolment, datetime],
    *,
    failed: Collection[Enrolment] = (),
    now: datetime,
    sent: bool,
) -> None:
    """Complete these attempts at courses, each when it was, and all that they fulfil in turn.

    Those that `failed` are completed without success and earn nothing. What is over stays.
    """
    chain.lock(learner)
    opened = {one: at for one, at in done.items() if not one.done}
    for enrolment, at in opened.items():
        chain.close(enrolment, at, enrolment not in failed, None)
    earning = [one for one in opened if one not in failed]
    if earning:
        chain.settle(
            learner,
            now=now,
            first=earning,
            not_sent_because=None if sent else HISTORY,
        )


def settle(learner: Person, *, now: datetime, sent: bool) -> None:
    """Complete and award what the learner fulfils by what was completed before."""
    chain.lock(learner)
    chain.settle(learner, now=now, not_sent_because=None if sent else HISTORY)


def award_levels(
    learner: Person, reached: Collection[ReachedLevel], *, now: datetime, sent: bool
) -> None:
    """Award the badges of levels that were reached elsewhere."""
    chain.award(learner, [], list(reached), now, None if sent else HISTORY)
