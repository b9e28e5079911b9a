"""What can be earned: badges, and Credly's templates behind them."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.issuing.connection import Connection
from portal.models.issuing.image import Image
from portal.models.partial import partial_index


class BadgeState(StrEnum):
    """Whether a badge can still be earned."""

    ACTIVE = "active"
    RETIRED = "retired"


class Provider(StrEnum):
    """Who issues a badge beyond the portal."""

    CREDLY = "credly"


class Template(db.Model):
    """Credly's own record of a badge, mirrored read-only."""

    __tablename__ = "template"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("connection.id"))
    credly_id: Mapped[str] = mapped_column(String(36))
    name: Mapped[str] = mapped_column(String(500))
    description: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[list] = mapped_column(JSON, default=list)
    skills: Mapped[list] = mapped_column(JSON, default=list)
    # Kept as text: Credly may add states, and "missing" is ours for a template that is gone.
    state: Mapped[str] = mapped_column(String(32))
    allow_duplicates: Mapped[bool] = mapped_column(default=False)
    url: Mapped[str | None] = mapped_column(String(500))
    image_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))
    seen_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)

    connection: Mapped[Connection] = relationship()
    image: Mapped[Image | None] = relationship()

    __table_args__ = (UniqueConstraint("connection_id", "credly_id"),)

    @property
    def is_active(self) -> bool:
        """Only active templates can be issued."""
        return self.state == "active"


class Badge(db.Model):
    """A badge. With an external id a Credly template backs it, without one it lives here alone."""

    __tablename__ = "badge"

    id: Mapped[int] = mapped_column(primary_key=True)
    # None means: the template's, which a sync may change.
    own_name: Mapped[str | None] = mapped_column(String(255))
    own_image_id: Mapped[int | None] = mapped_column(ForeignKey("image.id"))
    state: Mapped[BadgeState] = mapped_column(one_of(BadgeState), default=BadgeState.ACTIVE)
    external_badge_id: Mapped[str | None] = mapped_column(String(36))
    external_badge_provider: Mapped[Provider | None] = mapped_column(one_of(Provider))
    connection_id: Mapped[int | None] = mapped_column(ForeignKey("connection.id"), index=True)
    template_id: Mapped[int | None] = mapped_column(ForeignKey("template.id"), index=True)
    # Its id in files. One that came in from no file gets one as well, so that it can go out.
    source_id: Mapped[str | None] = mapped_column(
        String(255), unique=True, default=lambda: str(uuid.uuid4())
    )
    made_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)

    own_image: Mapped[Image | None] = relationship()
    connection: Mapped[Connection | None] = relationship()
    template: Mapped[Template | None] = relationship()

    __table_args__ = (
        partial_index(
            "uq_badge_active_template",
            "external_badge_id",
            unique=True,
            where="state = 'active' AND external_badge_id IS NOT NULL",
        ),
    )

    @property
    def name(self) -> str:
        """Its own name, else the template's."""
        return self.own_name or (self.template.name if self.template else "")

    @property
    def picture(self) -> str | None:
        """The key of the picture to show: its own, else the template's, once it is stored."""
        for image in (self.own_image, self.template and self.template.image):
            if image and image.key:
                return image.key
        return None

    @property
    def is_active(self) -> bool:
        """Whether it can be earned."""
        return self.state is BadgeState.ACTIVE

    @property
    def on_credly(self) -> bool:
        """Whether earning it means issuing at Credly."""
        return self.external_badge_id is not None
