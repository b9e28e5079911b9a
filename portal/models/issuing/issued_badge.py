"""The one badge at Credly for a learner, a badge and a cycle."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.columns import Moment
from portal.models.issuing.badge import Badge
from portal.models.partial import partial_index
from portal.models.people.person import Person


class CredlyState(StrEnum):
    """The four words Credly uses (credly-api.md 4). The column is text: there may be more."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVOKED = "revoked"


def _when_earned(context: DefaultExecutionContext) -> datetime:
    return context.get_current_parameters()["issued_at"]


class IssuedBadge(db.Model):
    """What Credly holds, as far as we know. `credly_id` is None until it is there."""

    __tablename__ = "issued_badge"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    badge_id: Mapped[int] = mapped_column(ForeignKey("badge.id"), index=True)
    cycle: Mapped[int] = mapped_column(default=1)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    # When its newest delivery that brought it to Credly was done; before that, when it was earned.
    came_at: Mapped[datetime] = mapped_column(
        Moment, default=_when_earned, server_default="1970-01-01 00:00:00.000000"
    )
    # The issued badge of the cycle before, which this one replaces at Credly (a renewal).
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("issued_badge.id"))
    # The name that stands on the badge, so that a corrected one is noticed.
    first_name: Mapped[str | None] = mapped_column(String(100))
    last_name: Mapped[str | None] = mapped_column(String(100))
    recipient_email: Mapped[str | None] = mapped_column(String(254))
    credly_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    state: Mapped[str | None] = mapped_column(String(32))
    public: Mapped[bool] = mapped_column(default=True)
    accept_url: Mapped[str | None] = mapped_column(String(500))
    badge_url: Mapped[str | None] = mapped_column(String(500))
    profile_url: Mapped[str | None] = mapped_column(String(500))
    state_changed_at: Mapped[datetime | None] = mapped_column(Moment)
    credly_updated_at: Mapped[datetime | None] = mapped_column(Moment)
    # It was at Credly before we came to issue it, and was taken over.
    was_there: Mapped[bool] = mapped_column(default=False)
    # A person has seen that it is gone at Credly; the books list it, but no longer fail for it.
    gone_acknowledged: Mapped[bool] = mapped_column(default=False)
    gone_at: Mapped[datetime | None] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    # When Credly is asked for it next, one badge by itself; None when list pages are enough.
    due: Mapped[datetime | None] = mapped_column(Moment)
    owner: Mapped[str | None] = mapped_column(String(32))
    reads: Mapped[int] = mapped_column(default=0)
    # How often the learner was reminded to accept it.
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")

    learner: Mapped[Person] = relationship()
    badge: Mapped[Badge] = relationship()
    replaces: Mapped["IssuedBadge | None"] = relationship(remote_side=[id])

    __table_args__ = (
        UniqueConstraint("learner_id", "badge_id", "cycle"),
        Index("ix_issued_badge_due", "due"),
        # All that the dashboard counts, and only of badges that are at Credly.
        partial_index(
            "ix_issued_badge_figures",
            *("issued_at", "state", "state_changed_at", "learner_id"),
            where="state IS NOT NULL",
        ),
        # All that is counted of acceptance; SQLite asks for `gone_at`, though it is never there.
        partial_index(
            "ix_issued_badge_acceptance",
            *("badge_id", "state", "came_at", "id", "reminders", "gone_at"),
            where="state IS NOT NULL AND gone_at IS NULL",
        ),
        # Who has not accepted, the longest waiting first.
        partial_index(
            "ix_issued_badge_pending",
            *("came_at", "id"),
            where="state = 'pending' AND gone_at IS NULL",
        ),
        partial_index(
            "ix_issued_badge_replaces_id", "replaces_id", where="replaces_id IS NOT NULL"
        ),
    )


class EarlierCredlyId(db.Model):
    """An id that the issued badge had at Credly before it was replaced."""

    __tablename__ = "earlier_credly_id"

    credly_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    issued_badge_id: Mapped[int] = mapped_column(ForeignKey("issued_badge.id"), index=True)
