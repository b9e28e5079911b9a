"""Credly's objects as frozen values: what comes in is read and checked here, once.

Unknown keys are ignored (credly-api.md 1.2); an absent key and null are the same. A shape that
cannot be what it claims raises Unsure. Personal fields stay out of `repr`, and so out of logs.
No text is longer than what whoever keeps it has room for: PostgreSQL refuses the whole row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.credly.shapes import (
    Json,
    address,
    flag,
    maybe_uuid,
    moment,
    needed_text,
    part,
    parts,
    text,
    uuid,
    wrong_shape,
)

LONGEST_DESCRIPTION = 20_000
REQUEST_TIME = "%Y-%m-%d %H:%M:%S +0000"


@dataclass(frozen=True)
class Organization:
    """An organisation at Credly (credly-api.md 3.1)."""

    id: str
    name: str
    vanity_url: str | None = None
    linked_in_org_id: str | None = None
    linked_in_name: str | None = None
    webhook_url: str | None = field(default=None, repr=False)  # it holds our webhook's secret

    @classmethod
    def read(cls, data: Json) -> "Organization":
        return cls(
            id=uuid(data, "id"),
            name=needed_text(data, "name"),
            vanity_url=text(data, "vanity_url"),
            linked_in_org_id=text(data, "linked_in_org_id", limit=40),
            linked_in_name=text(data, "linked_in_name", limit=255),
            webhook_url=text(data, "webhook_url"),
        )


@dataclass(frozen=True)
class Template:
    """A badge template (credly-api.md 3.2). `criteria` has a line for each activity."""

    id: str
    name: str
    description: str
    state: str
    allow_duplicate_badges: bool
    image_url: str | None
    criteria: tuple[str, ...]
    skills: tuple[str, ...]
    url: str | None
    updated_at: datetime | None

    @classmethod
    def read(cls, data: Json) -> "Template":
        return cls(
            id=uuid(data, "id"),
            name=needed_text(data, "name"),
            description=text(data, "description", limit=LONGEST_DESCRIPTION) or "",
            state=needed_text(data, "state", limit=32),
            allow_duplicate_badges=flag(data, "allow_duplicate_badges") or False,
            image_url=address(data, "image_url", limit=2000),
            criteria=_lines(_activity(one) for one in parts(data, "badge_template_activities")),
            skills=_lines(_skill(one) for one in parts(data, "skills")),
            url=address(data, "url"),
            updated_at=moment(data, "updated_at"),
        )

    @property
    def is_active(self) -> bool:
        return self.state == "active"


@dataclass(frozen=True)
class Badge:
    """An issued badge (credly-api.md 3.3). An unknown state is kept as it came."""

    id: str
    state: str
    template_id: str
    recipient_email: str | None = field(default=None, repr=False)
    issuer_earner_id: str | None = None
    issued_to_first_name: str | None = field(default=None, repr=False)
    issued_to_last_name: str | None = field(default=None, repr=False)
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    accept_badge_url: str | None = field(default=None, repr=False)
    badge_url: str | None = None
    image_url: str | None = None
    user_url: str | None = field(default=None, repr=False)
    public: bool | None = None
    replacement_badge_id: str | None = None
    replaces_badge_id: str | None = None
    state_updated_at: datetime | None = None
    updated_at: datetime | None = None
    created_at: datetime | None = None
    revocation_reason: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls, data: Json) -> "Badge":
        return cls(
            id=uuid(data, "id"),
            state=needed_text(data, "state", limit=32),
            template_id=uuid(part(data, "badge_template"), "id"),
            recipient_email=text(data, "recipient_email"),
            issuer_earner_id=text(data, "issuer_earner_id"),
            issued_to_first_name=text(data, "issued_to_first_name"),
            issued_to_last_name=text(data, "issued_to_last_name"),
            issued_at=moment(data, "issued_at"),
            expires_at=moment(data, "expires_at"),
            accept_badge_url=address(data, "accept_badge_url"),
            badge_url=address(data, "badge_url"),
            image_url=address(data, "image_url", limit=2000),
            user_url=address(part(data, "user"), "url"),
            public=flag(data, "public"),
            replacement_badge_id=maybe_uuid(data, "replacement_badge_id"),
            replaces_badge_id=maybe_uuid(data, "replaces_badge_id"),
            state_updated_at=moment(data, "state_updated_at"),
            updated_at=moment(data, "updated_at"),
            created_at=moment(data, "created_at"),
            revocation_reason=text(data, "revocation_reason"),
        )

    @property
    def is_revoked(self) -> bool:
        return self.state == "revoked"


@dataclass(frozen=True)
class Event:
    """An event of the feed (credly-api.md 3.7): a hint which badge or template to read again."""

    id: str
    organization_id: str
    event_type: str
    occurred_at: datetime | None
    badge_id: str | None
    template_id: str | None

    @classmethod
    def read(cls, data: Json) -> "Event":
        return cls(
            id=uuid(data, "id"),
            organization_id=uuid(data, "organization_id"),
            event_type=needed_text(data, "event_type"),
            occurred_at=moment(data, "occurred_at"),
            badge_id=maybe_uuid(part(data, "badge"), "id"),
            template_id=maybe_uuid(part(data, "badge_template"), "id"),
        )


@dataclass(frozen=True)
class IssueOrder:
    """What one badge is to say. `issued_at` and `expires_at` must be aware."""

    recipient_email: str = field(repr=False)
    first_name: str = field(repr=False)
    last_name: str = field(repr=False)
    template_id: str
    issued_at: datetime
    issuer_earner_id: str
    locale: str
    expires_at: datetime | None = None
    suppress_email: bool = False

    def body(self) -> dict[str, object]:
        """The request body for issuing: documented fields only (credly-api.md 3.3, 8.4)."""
        body: dict[str, object] = {"recipient_email": self.recipient_email, "locale": self.locale}
        body |= self.replacement_body()
        if self.suppress_email:
            body["suppress_badge_notification_email"] = True
        return body

    def replacement_body(self) -> dict[str, object]:
        """The request body for replacing, which knows neither address nor language."""
        body: dict[str, object] = {
            "badge_template_id": self.template_id,
            "issued_to_first_name": self.first_name,
            "issued_to_last_name": self.last_name,
            "issued_at": _request_time(self.issued_at),
            "issuer_earner_id": self.issuer_earner_id,
        }
        if self.expires_at is not None:
            body["expires_at"] = _request_time(self.expires_at)
        return body


def _request_time(when: datetime) -> str:
    if when.tzinfo is None:
        raise ValueError("a moment for Credly needs its time zone")
    return when.astimezone(UTC).strftime(REQUEST_TIME)


def _activity(one: object) -> str | None:
    if not isinstance(one, dict):
        raise wrong_shape()
    said = (text(one, "title"), text(one, "activity_url"))
    return " ".join(filter(None, said)) or None


def _skill(one: object) -> str | None:
    """A skill's name: older answers hold plain texts, newer ones objects."""
    if isinstance(one, str):
        return text({"name": one}, "name")
    if not isinstance(one, dict):
        raise wrong_shape()
    return text(one, "name")


def _lines(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(line for line in found if line)
