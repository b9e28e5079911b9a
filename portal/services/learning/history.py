"""What was learned elsewhere: completions of another system, with all that follows from them.

Many learners at once, with as many statements as for one; whoever calls has locked them all
(`locks.lock_all`) before reading. Awards are *not sent by choice* unless somebody wants them sent.
Nothing here commits.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from portal.models import Enrolment, Person
from portal.services.learning import chain, credits, earning
from portal.services.learning.credits import Reached

HISTORY = "history"


def complete(
    done: Mapping[Person, Mapping[Enrolment, datetime]],
    *,
    failed: Collection[Enrolment] = (),
    now: datetime,
    sent: bool,
) -> None:
    """Complete these attempts at courses, each when it was, and all that they fulfil in turn.

    Those that `failed` are completed without success and earn nothing. What is over stays.
    """
    earning_now: dict[Person, list[Enrolment]] = {}
    for learner, theirs in done.items():
        for enrolment, at in theirs.items():
            if enrolment.done:
                continue
            chain.close(enrolment, at, enrolment not in failed, None)
            if enrolment not in failed:
                earning_now.setdefault(learner, []).append(enrolment)
    chain.settle_all(earning_now, now=now, not_sent_because=_why(sent))


def settle(learners: Sequence[Person], *, now: datetime, sent: bool) -> None:
    """Complete and award what these learners fulfil by what was completed before."""
    chain.settle_all({one: () for one in learners}, now=now, not_sent_because=_why(sent))


def reach(
    learners: Sequence[Person], reached: Sequence[Reached], *, now: datetime, sent: bool
) -> None:
    """Let these learners reach levels, and award the levels' badges."""
    credits.write(reached)
    earning.award({one: () for one in learners}, reached, now, _why(sent))


def _why(sent: bool) -> str | None:
    return None if sent else HISTORY
