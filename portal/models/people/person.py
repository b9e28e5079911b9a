"""A person and the roles they hold."""

import uuid
from datetime import datetime
from enum import StrEnum

from flask_login import UserMixin
from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, case, event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment, one_of
from portal.models.people.found_by import found_by


def _found_by(context: DefaultExecutionContext) -> str:
    row = context.get_current_parameters()
    return found_by(row["first_name"], row["last_name"], row["email"])


class Role(StrEnum):
    """What a person may be beside a learner, which everybody is."""

    ADMIN = "admin"
    INTEGRATION_ADMIN = "integration_admin"
    AUTHOR = "author"


class Theme(StrEnum):
    """The colours a person wants."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Person(UserMixin, db.Model):
    """Somebody who may sign in. `email` is lower-cased: one stored form, whatever was typed."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    badge_email: Mapped[str | None] = mapped_column(String(254))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    # All of these for a search to look through, written whenever one of them changes.
    found_by: Mapped[str] = mapped_column(Text, default=_found_by, server_default="")
    # The name of which an administrator said that it is right, though it looks like a placeholder.
    confirmed_name: Mapped[str | None] = mapped_column(String(201))
    locale: Mapped[str | None] = mapped_column(String(16))
    theme: Mapped[Theme] = mapped_column(one_of(Theme), default=Theme.SYSTEM)
    credly_profile: Mapped[str | None] = mapped_column(String(500))
    # Given to Credly as issuer_earner_id; opaque, and never changed.
    earner_id: Mapped[str] = mapped_column(
        String(36), unique=True, default=lambda: str(uuid.uuid4())
    )
    # Who they are at the sign-in service; both or neither.
    oidc_issuer: Mapped[str | None] = mapped_column(String(300))
    oidc_subject: Mapped[str | None] = mapped_column(String(255))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    # Since when a code of an app is asked for at sign-in, too; None when it is not.
    second_factor_at: Mapped[datetime | None] = mapped_column(Moment)
    # Since when nothing of theirs may go to Credly, by their own wish.
    opted_out_at: Mapped[datetime | None] = mapped_column(Moment)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    # The two steps of erasing: asked for, and done for good.
    erasure_asked_at: Mapped[datetime | None] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("ix_person_last_name_first_name_id", "last_name", "first_name", "id"),
        Index("ix_person_found_by", "found_by"),
        Index("ix_person_oidc_issuer_oidc_subject", "oidc_issuer", "oidc_subject", unique=True),
    )

    role_rows: Mapped[list["PersonRole"]] = relationship(
        lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def name(self) -> str:
        """First and last name; of somebody who was erased nothing is left to say."""
        return "–" if self.erased_at else f"{self.first_name} {self.last_name}".strip()

    @hybrid_property
    def known_email(self) -> str:
        """The address as it may be shown: none for somebody who was erased."""
        return "" if self.erased_at else self.email

    @known_email.inplace.expression
    @classmethod
    def _known_email(cls) -> ColumnElement[str]:
        return case((cls.erased_at.is_(None), cls.email), else_="")

    @property
    def roles(self) -> set[Role]:
        """The stored roles; a learner without others has none."""
        return {row.role for row in self.role_rows}

    @property
    def address_for_badges(self) -> str:
        """Where Credly's mail goes."""
        return self.badge_email or self.email

    @property
    def is_active(self) -> bool:
        """Flask-Login's question."""
        return self.active

    def give_roles(self, roles: set[Role]) -> None:
        """Hold exactly these roles from now on."""
        self.role_rows = [row for row in self.role_rows if row.role in roles]
        self.role_rows += [PersonRole(role=role) for role in sorted(roles - self.roles)]


@event.listens_for(Person, "before_update")
def _find_by_what_they_are_now(_mapper: object, _connection: object, person: Person) -> None:
    if person.erased_at is None:  # whoever is erased is not looked for
        person.found_by = found_by(person.first_name, person.last_name, person.email)
        if person.confirmed_name != f"{person.first_name} {person.last_name}":
            person.confirmed_name = None  # said of the name that they had then


class PersonRole(db.Model):
    """One role of one person."""

    __tablename__ = "person_role"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role), primary_key=True)
