"""An award: this learner earned this badge through this source in this cycle."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.badge import Badge
from portal.models.issuing.issued_badge import IssuedBadge
from portal.models.partial import partial_index
from portal.models.people.person import Person


class AwardState(StrEnum):
    """An award is never deleted; it ends by a word."""

    EARNED = "earned"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


def _only_one(name: str, source: str) -> Index:
    columns = ("learner_id", "badge_id", source, "cycle")
    return partial_index(name, *columns, unique=True, where=f"{source} IS NOT NULL")


class Award(db.Model):
    """Earned through exactly one source: a learning object or a skill level."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id"), index=True)
    learning_object_id: Mapped[int | None] = mapped_column(
        ForeignKey("learning_object.id"), index=True
    )
    skill_level_id: Mapped[int | None] = mapped_column(ForeignKey("skill_level.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    state: Mapped[AwardState] = mapped_column(one_of(AwardState), default=AwardState.EARNED)
    earned_at: Mapped[datetime] = mapped_column(Moment)
    # When it ends; handed on to the issued badge, should there be one only later.
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    # Before this moment it does not leave for Credly; handed on likewise.
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    issued_badge_id: Mapped[int | None] = mapped_column(ForeignKey("issued_badge.id"), index=True)
    not_sent_because: Mapped[str | None] = mapped_column(String(32))

    learner: Mapped[Person] = relationship()
    badge: Mapped[Badge] = relationship()
    issued_badge: Mapped[IssuedBadge | None] = relationship()

    __table_args__ = (
        CheckConstraint(
            "(learning_object_id IS NULL) <> (skill_level_id IS NULL)", name="one_source"
        ),
        Index("ix_award_earned_at", "earned_at"),
        Index("ix_award_state_id", "state", "id"),
        _only_one("uq_award_learning_object", "learning_object_id"),
        _only_one("uq_award_skill_level", "skill_level_id"),
    )
