"""Taking a run of *Award earlier completions* back, as far as it has not left for Credly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, select, update
from sqlalchemy.orm import aliased, joinedload

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    OPEN,
    Award,
    AwardState,
    Delivery,
    DeliveryState,
    EarlierOutcome,
    EarlierRow,
    EarlierRun,
    EarlierState,
    Person,
)
from portal.services import audit
from portal.services.issuing.trail import note
from portal.services.learning import earlier
from portal.services.locks import lock_all

NOT_UNDONE = (EarlierState.RUNNING, EarlierState.PAUSED, EarlierState.DONE)
HISTORY = "history"
PIECE = 500
_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True)
class Prospect:
    """What taking a run back would do: awards cancelled, people not awarded, badges that left."""

    cancelled: int
    not_awarded: int
    left: int


def prospect(run: EarlierRun) -> Prospect:
    """Count what taking it back would do now."""
    counts = earlier.counts_of(run)
    awarded = counts[EarlierOutcome.AWARDED]
    gone = db.session.scalar(select(func.count()).select_from(_left(run).subquery())) or 0
    return Prospect(awarded - gone, counts[EarlierOutcome.WAITING], gone)


def undo(*, actor: Person, run: EarlierRun, reason: str, now: datetime) -> Prospect:
    """Stop the run and cancel its awards that have not left for Credly. Commits.

    What was sent stays awarded; it can be revoked award by award. What was imported as history
    is history again. Raises RuleBroken without a reason and when it is taken back already.
    """
    if not reason.strip():
        raise RuleBroken(say("earlier_reason_missing"), "reason")
    _lock_people(run)  # before the run itself, as whoever awards a batch does
    values = {"state": EarlierState.UNDONE, "owner": None, "ended_at": now}
    earlier.move(run, NOT_UNDONE, say("earlier_over"), **values)
    before = earlier.counts_of(run)
    _cancel_deliveries(actor, run, now)
    cancelled = 0
    while rows := db.session.scalars(_cancellable(run).limit(PIECE)).all():
        _take_back(rows)
        cancelled += len(rows)
    _take_back_second_awards(run)
    waiting = _still_waiting(run)
    done = Prospect(cancelled, waiting, before[EarlierOutcome.AWARDED] - cancelled)
    _note(actor, run, reason, done, now)
    db.session.commit()
    return done


def _lock_people(run: EarlierRun) -> None:
    theirs = select(EarlierRow.learner_id).filter_by(run_id=run.id)
    lock_all(db.session.scalars(theirs).all())


def _cancel_deliveries(actor: Person, run: EarlierRun, now: datetime) -> None:
    """Cancel what never left and nobody else's award rests on."""
    mine = select(Award.issued_badge_id).join(EarlierRow, EarlierRow.award_id == Award.id)
    mine = mine.where(EarlierRow.run_id == run.id, EarlierRow.outcome == EarlierOutcome.AWARDED)
    cancelled = db.session.execute(
        update(Delivery)
        .where(Delivery.issued_badge_id.in_(mine.where(~_shared(run))), Delivery.sent_at.is_(None))
        .where(Delivery.state.in_(OPEN), Delivery.state != DeliveryState.SENDING)
        .values(state=DeliveryState.CANCELLED, ended_at=now)
        .returning(Delivery.id)
        .execution_options(**_NO_SYNC)
    )
    for delivery_id in cancelled.scalars().all():
        note(delivery_id, say("cancelled_before_sending"), now, person=actor)
    db.session.flush()


def _shared(run: EarlierRun) -> Any:
    """Say whether the issued badge of an award rests on another award, too."""
    other, row = aliased(Award), aliased(EarlierRow)
    ours = select(row.award_id).where(row.run_id == run.id, row.award_id.is_not(None))
    return exists().where(
        other.issued_badge_id == Award.issued_badge_id,
        other.state == AwardState.EARNED,
        other.id.not_in(ours),
    )


def _sent_or_moving() -> Any:
    """Say whether something of an award's badge has left for Credly, or is leaving now."""
    left = (Delivery.state != DeliveryState.CANCELLED) | Delivery.sent_at.is_not(None)
    return exists().where(Delivery.issued_badge_id == Award.issued_badge_id, left)


def _awarded(run: EarlierRun) -> Select:
    query = select(EarlierRow).join(Award, Award.id == EarlierRow.award_id)
    return query.where(
        EarlierRow.run_id == run.id,
        EarlierRow.outcome == EarlierOutcome.AWARDED,
        Award.state == AwardState.EARNED,
    )


def _left(run: EarlierRun) -> Select:
    """Return the people whose badge has left for Credly, or is leaving now."""
    gone = Delivery.sent_at.is_not(None) | Delivery.state.in_(
        [DeliveryState.SENDING, DeliveryState.DONE]
    )
    left = exists().where(Delivery.issued_badge_id == Award.issued_badge_id, gone)
    return _awarded(run).where(left, ~_shared(run))


def _cancellable(run: EarlierRun) -> Select:
    query = _awarded(run).where(~_sent_or_moving() | _shared(run))
    return query.options(joinedload(EarlierRow.award)).order_by(EarlierRow.learner_id)


def _take_back(rows: Sequence[EarlierRow]) -> None:
    for row in rows:
        was_history = row.reason is not None and row.reason["code"] == "earlier_will_history"
        if row.award is not None and was_history:
            row.award.not_sent_because, row.award.issued_badge_id = HISTORY, None
        elif row.award is not None:
            row.award.state = AwardState.CANCELLED
        row.outcome = EarlierOutcome.UNDONE
    db.session.flush()


def _take_back_second_awards(run: EarlierRun) -> None:
    """Cancel awards that only joined a badge which the person had through something else."""
    query = select(EarlierRow).filter_by(run_id=run.id, outcome=EarlierOutcome.HAD_IT)
    joined = query.where(EarlierRow.award_id.is_not(None)).options(joinedload(EarlierRow.award))
    _take_back(db.session.scalars(joined).all())


def _still_waiting(run: EarlierRun) -> int:
    rest = (EarlierRow.run_id == run.id) & (EarlierRow.outcome == EarlierOutcome.WAITING)
    left = db.session.execute(
        update(EarlierRow)
        .where(rest)
        .values(outcome=EarlierOutcome.UNDONE)
        .execution_options(**_NO_SYNC)
    )
    return left.rowcount


def _note(actor: Person, run: EarlierRun, reason: str, done: Prospect, now: datetime) -> None:
    audit.note(
        "earlier.undo",
        actor=actor,
        now=now,
        subject=run,
        reason=reason.strip(),
        badge_id=run.badge_id,
        cancelled=done.cancelled,
        not_awarded=done.not_awarded,
        left=done.left,
    )
