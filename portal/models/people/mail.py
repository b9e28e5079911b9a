"""The mail outbox: one row for each message that must reach a person."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.people.person import Person


class MailState(StrEnum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    NOT_SENT = "not_sent"  # no mail server is set up
    UNWANTED = "unwanted"  # its reader switched this kind off


class Mail(db.Model):
    """A mail on its way. `kind` names its words, `sealed_link` holds a link or code, a secret.

    `address` is where it goes when that is not where the person signs in.
    """

    __tablename__ = "mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    values: Mapped[dict] = mapped_column(JSON, default=dict)
    sealed_link: Mapped[str | None] = mapped_column(String(1000))
    address: Mapped[str | None] = mapped_column(String(254))
    state: Mapped[MailState] = mapped_column(one_of(MailState), default=MailState.WAITING)
    due: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    owner: Mapped[str | None] = mapped_column(String(32))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship()

    __table_args__ = (Index("ix_mail_state_due", "state", "due"),)
