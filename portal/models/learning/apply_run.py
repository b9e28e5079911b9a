"""Runs that let changed requirements hold for those who have begun already."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.people.person import Person


class ApplyState(StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


class ApplyRun(db.Model):
    """One change, of a learning object or a skill level, carried to everybody it touches.

    `last_id` is how far it came: the id of an enrolment, or for a skill level of a learner.
    """

    __tablename__ = "apply_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    learning_object_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_object.id"), index=True
    )
    skill_level_id: Mapped[int | None] = mapped_column(ForeignKey("skill_level.id"), index=True)
    # Who asked for it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    last_id: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[int] = mapped_column(default=0)
    # How many completed the object, or reached the level, by it.
    completed: Mapped[int] = mapped_column(default=0)
    state: Mapped[ApplyState] = mapped_column(one_of(ApplyState), default=ApplyState.WAITING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_apply_run_state_due", "state", "due"),)
