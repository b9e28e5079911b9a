"""Column types that every table shares: moments in UTC, and words of an enum."""

from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4

from sqlalchemy import DateTime, Dialect, Enum
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator):
    """An aware moment, stored in UTC. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_source_id() -> str:
    """Return an id for a thing that came from no other system, for the files it goes out in."""
    return str(uuid4())


def one_of(words: type[StrEnum]) -> Enum:
    """Return a text column type that holds the values of `words`."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,  # a new word must not need a new table
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
