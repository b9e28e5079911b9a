"""The background job of *Award earlier completions*: takes one due run and works on it for a while.

People are awarded in batches of one transaction each; a worker that was killed leaves whole
batches, and the next one goes on with those who still wait.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.clock import utc_now
from portal.extensions import db, end_looking
from portal.messages import say
from portal.models import (
    Award,
    AwardState,
    Badge,
    EarlierOutcome,
    EarlierRow,
    EarlierRun,
    EarlierState,
    Person,
)
from portal.services.issuing import awarding, awards
from portal.services.issuing.claims import anything_ready, claim, new_owner, still_mine
from portal.services.issuing.shelves import AwardOnShelf, Earned
from portal.services.learning import earlier, earlier_verdicts, sources
from portal.services.learning.earlier_verdicts import Candidate, Verdict
from portal.services.learning.sources import Source
from portal.services.locks import lock_all
from portal.services.means import Means

log = logging.getLogger(__name__)
SHORTEST_LEASE = 3.0  # seconds
MOST_TRIES = 5


@dataclass(frozen=True)
class Pace:
    """How much is done at a time: people in a transaction, seconds until others get their turn."""

    people: int = 50
    seconds: float = 5.0


USUAL = Pace()


@dataclass(frozen=True)
class Turn:
    """A claim on a run. Every batch is written under it, or not at all."""

    run: EarlierRun
    owner: str
    lease: timedelta

    def stay(self, **values: Any) -> bool:
        """Write to the run and keep it; False if it was paused, taken back or taken over."""
        values = {"due": utc_now() + self.lease, "tries": 0, **values}
        running = EarlierRun.state == EarlierState.RUNNING
        return still_mine(EarlierRun, self.run.id, self.owner, running, **values)


def run_next(means: Means, now: datetime) -> bool:
    """Work on one due run for a while; say whether there was one."""
    return work_on(means, now, USUAL)


def work_on(means: Means, now: datetime, pace: Pace) -> bool:
    """Work on whichever run is due, at this pace; say whether there was one."""
    turn = _take(means, now)
    if turn is None:
        return False
    if turn.run.tries > MOST_TRIES:
        # Whatever kills its worker again and again: a person looks, and resumes it.
        turn.stay(state=EarlierState.PAUSED, owner=None, tries=turn.run.tries)
        db.session.commit()
        return True
    ends = time.monotonic() + pace.seconds
    while _batch(turn, pace.people, now):
        if time.monotonic() > ends:
            turn.stay(due=utc_now(), owner=None)
            db.session.commit()
            break
    return True


def _take(means: Means, now: datetime) -> Turn | None:
    ready = (EarlierRun.state == EarlierState.RUNNING) & (EarlierRun.due <= now)
    waiting = anything_ready(EarlierRun, ready)
    end_looking()
    if not waiting:
        return None
    owner, lease = new_owner(), timedelta(seconds=max(SHORTEST_LEASE, means.rules.lease))
    values = {"owner": owner, "due": now + lease, "tries": EarlierRun.tries + 1}
    for taken in claim(EarlierRun, ready=ready, values=values, limit=1):
        run = db.session.get_one(EarlierRun, taken, populate_existing=True)
        return Turn(run, owner, lease)
    return None


def _batch(turn: Turn, most: int, now: datetime) -> bool:
    """Award the next few in one transaction; say whether there may be more. Commits."""
    run = turn.run
    query = select(EarlierRow).filter_by(run_id=run.id, outcome=EarlierOutcome.WAITING)
    rows = db.session.scalars(query.order_by(EarlierRow.learner_id).limit(most)).all()
    if rows:
        _award_all(run, rows, now)
        done: dict[str, Any] = {}
    else:
        done = {"state": EarlierState.DONE, "owner": None, "ended_at": utc_now()}
    db.session.flush()
    if not turn.stay(**done):
        db.session.rollback()
        return False
    db.session.commit()
    log.info("earlier run %s dealt with %s people", run.id, len(rows))
    return bool(rows)


def _award_all(run: EarlierRun, rows: Sequence[EarlierRow], now: datetime) -> None:
    """Award the badge to these people, as each stands now. The caller commits."""
    ids = [row.learner_id for row in rows]
    lock_all(ids)
    source = sources.find(*earlier.place_of(run))
    badge = db.session.get_one(Badge, run.badge_id)
    judged = earlier_verdicts.of_learners(source, badge, ids, now) if source else {}
    earned: dict[Person, list[Earned]] = {}
    for row in rows:
        one = judged.get(row.learner_id)
        if source is None or one is None:
            row.outcome, row.reason = EarlierOutcome.BLOCKED, say("earlier_gone").stored()
        elif _judge(row, one):
            if one.verdict is Verdict.WILL_HISTORY:
                _send_history(run, source, one, now)
            earned[one.learner] = [_earned(run, source, one)]
    given = awarding.award_all(earned=earned, now=now)
    awards_of = {learner.id: theirs[0] for learner, theirs in given.items()}
    for row in rows:
        if row.learner_id in awards_of:
            _keep(row, awards_of[row.learner_id])


def _judge(row: EarlierRow, one: Candidate) -> bool:
    """Write down what becomes of a person; say whether they are to have the award."""
    row.completed_at, row.reason = one.completed_at, say(f"earlier_{one.verdict.value}").stored()
    row.outcome = one.outcome
    if one.outcome is EarlierOutcome.WAITING:
        row.outcome = EarlierOutcome.AWARDED
    return one.outcome is not EarlierOutcome.BLOCKED and one.verdict is not Verdict.HAS


def _earned(run: EarlierRun, source: Source, one: Candidate) -> Earned:
    return Earned(
        run.badge_id,
        one.completed_at,
        expires_at=one.expires_at,
        suppress_mail=run.suppress_mail,
        hold=source.hold,
        **source.key,
    )


def _keep(row: EarlierRow, given: AwardOnShelf | None) -> None:
    if given is None or given.state is not AwardState.EARNED:  # retired in this very moment
        row.outcome, row.reason = EarlierOutcome.BLOCKED, say("earlier_retired").stored()
    else:
        row.award_id = given.id


def _send_history(run: EarlierRun, source: Source, one: Candidate, now: datetime) -> None:
    """Let what was imported as history be sent after all, with the day it was earned on."""
    query = select(Award).filter_by(
        learner_id=one.learner.id,
        badge_id=run.badge_id,
        state=AwardState.EARNED,
        issued_badge_id=None,
    )
    for award in db.session.scalars(query).all():
        award.not_sent_because = None
        awarding.hand_in(award, now, source.hold)
        delivery = awards.delivery_of(award.issued_badge)
        if delivery is not None and delivery.created_at == now:
            delivery.suppress_mail = run.suppress_mail
            award.issued_badge.expires_at = one.expires_at
