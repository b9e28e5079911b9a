"""Pictures of badges and templates: where they come from and the file we made of them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of


class ImageState(StrEnum):
    """How far fetching has come."""

    WAITING = "waiting"
    FETCHING = "fetching"
    STORED = "stored"
    FAILED = "failed"


class Image(db.Model):
    """One address of a picture, or the path it had in an upload. `key` names our re-encoded file,
    once there is one.
    """

    __tablename__ = "image"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(2000))
    # Credly's own pictures may come from the operator's extra hosts, other people's may not.
    from_credly: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ImageState] = mapped_column(one_of(ImageState), default=ImageState.WAITING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    key: Mapped[str | None] = mapped_column(String(64), index=True)
    # Of an uploaded picture: the SHA-256 of the bytes as they came, to know them again.
    digest: Mapped[str | None] = mapped_column(String(64), index=True)
    reason: Mapped[dict | None] = mapped_column(JSON)

    __table_args__ = (Index("ix_image_state_due", "state", "due"),)
