"""Addresses of people who were erased, as hashes: an import must not bring them back."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment


class SuppressedAddress(db.Model):
    """The SHA-256 of a lower-cased address, and when its person was erased."""

    __tablename__ = "suppressed_address"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
