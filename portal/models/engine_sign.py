"""The signs of life of those that do background work."""

from datetime import datetime

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db
from portal.models.columns import Moment


class EngineSign(db.Model):
    """One process with an engine. `tries` counts what became of its deliveries since it began."""

    __tablename__ = "engine_sign"

    # Host, number of the process and a random part.
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    tries: Mapped[dict] = mapped_column(JSON, default=dict)
