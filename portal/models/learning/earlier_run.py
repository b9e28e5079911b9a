"""Runs of *Award earlier completions*, and what became of each learner in them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.award import Award
from portal.models.issuing.badge import Badge
from portal.models.people.person import Person


class EarlierState(StrEnum):
    """How far a run is."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    UNDONE = "undone"


class EarlierOutcome(StrEnum):
    """What a learner gets from it."""

    WAITING = "waiting"  # will be awarded
    AWARDED = "awarded"
    HAD_IT = "had_it"
    BLOCKED = "blocked"
    UNDONE = "undone"


class EarlierRun(db.Model):
    """One run for one source (a learning object or a skill level) and the badge it had then."""

    __tablename__ = "earlier_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_object_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_object.id"), index=True
    )
    skill_level_id: Mapped[int | None] = mapped_column(ForeignKey("skill_level.id"), index=True)
    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id"))
    # Who began it, and why.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    suppress_mail: Mapped[bool] = mapped_column(default=False)
    state: Mapped[EarlierState] = mapped_column(one_of(EarlierState), default=EarlierState.RUNNING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    badge: Mapped[Badge] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_earlier_run_state_due", "state", "due"),)


class EarlierRow(db.Model):
    """One learner of one run."""

    __tablename__ = "earlier_row"

    run_id: Mapped[int] = mapped_column(ForeignKey("earlier_run.id"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    completed_at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[EarlierOutcome] = mapped_column(
        one_of(EarlierOutcome), default=EarlierOutcome.WAITING
    )
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    reason: Mapped[dict | None] = mapped_column(JSON)

    learner: Mapped[Person] = relationship()
    award: Mapped[Award | None] = relationship()

    __table_args__ = (Index("ix_earlier_row_run_id_outcome", "run_id", "outcome"),)
