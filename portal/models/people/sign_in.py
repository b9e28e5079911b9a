"""How people get in: sessions, one-time links, and the brake on attempts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.people.person import Person


class SignInSession(db.Model):
    """One signed-in browser. Only the hash of its random id is stored."""

    __tablename__ = "sign_in_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    csrf_token: Mapped[str] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)

    person: Mapped[Person] = relationship(lazy="joined")


class LinkPurpose(StrEnum):
    """What a one-time link is good for; it is good for nothing else."""

    INVITATION = "invitation"
    SETUP = "setup"
    FORGOTTEN = "forgotten"  # somebody asked; whether there is an account is not known yet
    PASSWORD = "password"  # noqa: S105 — the word for a purpose
    SIGN_IN_EMAIL = "sign_in_email"
    BADGE_EMAIL = "badge_email"
    SECOND_STEP = "second_step"  # the password was right, the second factor is still to come


class OneTimeLink(db.Model):
    """A random code that may be used once before it expires. Only its hash is stored.

    `address` is what it proves or asks for; `failures` counts wrong guesses of short codes.
    """

    __tablename__ = "one_time_link"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[LinkPurpose] = mapped_column(one_of(LinkPurpose), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    address: Mapped[str | None] = mapped_column(String(254))
    failures: Mapped[int] = mapped_column(default=0, server_default="0")


class SignInBrake(db.Model):
    """Failed attempts of one account or one address; `key` is a hash of what it counts."""

    __tablename__ = "sign_in_brake"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    closed_until: Mapped[datetime] = mapped_column(Moment)
    last_failure_at: Mapped[datetime] = mapped_column(Moment)
