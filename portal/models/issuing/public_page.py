"""The public page of an award: off until its learner turns it on."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment
from portal.models.issuing.award import Award


class PublicPage(db.Model):
    """`key` is 128 random bits in the address. The row outlives an erased learner: then 410."""

    __tablename__ = "public_page"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), unique=True)
    shown: Mapped[bool] = mapped_column(default=True)
    # Whether search engines may find it.
    indexed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    award: Mapped[Award] = relationship()
