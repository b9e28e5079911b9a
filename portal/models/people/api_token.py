"""Personal tokens, by which another system acts for a person."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.clock import utc_now
from portal.extensions import db
from portal.models.columns import Moment
from portal.models.people.person import Person


class Scope(StrEnum):
    """What a token may be good for; the word stands in the API's document as well."""

    COMPLETIONS_WRITE = "completions:write"
    PEOPLE_READ = "people:read"
    OBJECTS_READ = "objects:read"
    AWARDS_READ = "awards:read"


class ApiToken(db.Model):
    """One token. Only the hash of its secret is stored; `beginning` is there to know it by."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    beginning: Mapped[str] = mapped_column(String(32))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    # Written at most once a minute.
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person] = relationship()

    def lives(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and self.expires_at > now
