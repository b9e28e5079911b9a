"""What a delivery needs to know of each row around it, read as plain values.

The mapped classes would cost more than all else that the worker does for an issue, and nobody
changes these rows through them: every write of a delivery is a guarded statement.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause

from portal.models import (
    Badge,
    BadgeState,
    Connection,
    ConnectionState,
    Delivery,
    DeliveryKind,
    IssuedBadge,
    Person,
    Template,
)


class DeliveryFacts(NamedTuple):
    """The row of the outbox."""

    id: int
    issued_badge_id: int
    connection_id: int | None
    kind: DeliveryKind
    sent_at: datetime | None
    cancel_asked: bool
    failures: int
    waited: float
    empty_lookups: int
    reason: dict[str, Any] | None
    recipient_email: str | None
    first_name: str | None
    last_name: str | None
    revoke_reason: str | None
    suppress_mail: bool
    issue_afterwards: bool


class IssuedFacts(NamedTuple):
    """The badge at Credly, as far as we know it."""

    id: int
    learner_id: int
    badge_id: int
    cycle: int
    issued_at: datetime
    expires_at: datetime | None
    replaces_id: int | None
    credly_id: str | None
    state: str | None
    profile_url: str | None
    credly_updated_at: datetime | None


class LearnerFacts(NamedTuple):
    """Who is to get it."""

    id: int
    earner_id: str
    email: str
    badge_email: str | None
    first_name: str
    last_name: str
    confirmed_name: str | None
    locale: str | None
    opted_out_at: datetime | None

    @property
    def address_for_badges(self) -> str:
        """Where badges go."""
        return self.badge_email or self.email


class BadgeFacts(NamedTuple):
    """What was earned."""

    id: int
    external_badge_id: str | None
    state: BadgeState
    connection_id: int | None

    @property
    def on_credly(self) -> bool:
        """Whether earning it means issuing at Credly."""
        return self.external_badge_id is not None


class TemplateFacts(NamedTuple):
    """What it is at Credly."""

    id: int
    state: str
    allow_duplicates: bool

    @property
    def is_active(self) -> bool:
        """Whether Credly issues it."""
        return self.state == "active"


class ConnectionFacts(NamedTuple):
    """Whom we speak for, and how well that goes."""

    id: int
    name: str
    organization_id: str
    hostname: str
    sealed_token: str
    token_version: int
    state: ConnectionState
    failing_since: datetime | None
    proven_at: datetime | None

    @property
    def seal_owner(self) -> str:
        """The name inside the sealed token."""
        return f"connection:{self.id}"


Kinds = tuple[tuple[Any, type[tuple[Any, ...]]], ...]
# In the order in which they stand in a row of the query.
BADGES: Kinds = ((Badge, BadgeFacts), (Template, TemplateFacts), (Connection, ConnectionFacts))
KINDS: Kinds = (
    (Delivery, DeliveryFacts),
    (IssuedBadge, IssuedFacts),
    (Person, LearnerFacts),
    *BADGES,
)


def columns(deliveries: FromClause) -> list[ColumnElement[Any]]:
    """Return the columns of all of them, one after the other; those of the outbox from here."""
    return _columns(KINDS, {Delivery: deliveries})


def columns_of_badges() -> list[ColumnElement[Any]]:
    """Return those of a badge, its template and its connection."""
    return _columns(BADGES, {})


def facts_of(row: Sequence[Any], kinds: Kinds = KINDS) -> list[Any]:
    """Return the facts in a row that begins with these columns; None where there is no such row."""
    found, start = [], 0
    for _model, kind in kinds:
        end = start + len(kind._fields)
        found.append(None if row[start] is None else kind._make(row[start:end]))
        start = end
    return found


def _columns(kinds: Kinds, tables: Mapping[Any, FromClause]) -> list[ColumnElement[Any]]:
    return [
        tables.get(model, model.__table__).c[name] for model, kind in kinds for name in kind._fields
    ]
