"""Groups: named lists of people, to enrol and to look at together."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment


class Group(db.Model):
    """A named list of people. `name_key` is the name without regard to case."""

    __tablename__ = "person_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str] = mapped_column(String(255), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)


class GroupMember(db.Model):
    """One person in one group."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(ForeignKey("person_group.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
