"""What Credly holds, taken over into our rows: the newest word wins, whatever order it came in."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, select

from portal.credly.payloads import Badge as CredlyBadge
from portal.extensions import db
from portal.models import CredlyState, EarlierCredlyId, IssuedBadge
from portal.services.issuing.facts import IssuedFacts
from portal.services.means import Means
from portal.services.together import Write

# A badge that is still pending is read again by itself so long after it was issued.
READS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))


def apply_first(
    issued: IssuedBadge, badge: CredlyBadge, means: Means, now: datetime, *, was_there: bool
) -> None:
    """Take over a badge that Credly has just issued or that was found there. No commit."""
    _keep_earlier_id(issued, badge.id)
    _set(issued, _first_values(issued, badge, means, now, was_there))


def first_write(
    issued: IssuedBadge | IssuedFacts,
    badge: CredlyBadge,
    means: Means,
    now: datetime,
    *,
    was_there: bool,
    **more: Any,
) -> Write:
    """Return what does the same in the database alone, with `more` columns: for delivery, where it
    has to be quick and nobody needs the object any more.
    """
    _keep_earlier_id(issued, badge.id)
    values = _first_values(issued, badge, means, now, was_there) | more
    return Write(IssuedBadge.__table__, values, issued.id)


def apply(issued: IssuedBadge, badge: CredlyBadge, means: Means, now: datetime) -> bool:
    """Take over what Credly says unless we know something newer; say whether the state changed.

    Addresses are kept only when they lead to Credly. The caller commits.
    """
    before = issued.state
    _keep_earlier_id(issued, badge.id)
    _set(issued, _news(issued, badge, means, now))
    return issued.state != before


def _first_values(
    issued: IssuedBadge | IssuedFacts,
    badge: CredlyBadge,
    means: Means,
    now: datetime,
    was_there: bool,
) -> dict[str, Any]:
    news = _news(issued, badge, means, now)
    due = _next_read(news.get("state", issued.state), 0, now)
    return news | {"was_there": was_there, "reads": 0, "due": due, "owner": None}


def _news(
    issued: IssuedBadge | IssuedFacts, badge: CredlyBadge, means: Means, now: datetime
) -> dict[str, Any]:
    """What Credly says that we do not know, by column."""
    seen = {"read_at": now, "gone_at": None}
    if issued.credly_id == badge.id and _is_older(badge, issued):
        return seen
    hosts = means.door.hosts
    return seen | {
        "credly_id": badge.id,
        "state": badge.state,
        "public": badge.public is not False,
        "accept_url": hosts.safe_link(badge.accept_badge_url or ""),
        "badge_url": hosts.safe_link(badge.badge_url or ""),
        "profile_url": hosts.safe_profile(badge.user_url or "") or issued.profile_url,
        "expires_at": badge.expires_at or issued.expires_at,
        "state_changed_at": badge.state_updated_at,
        "credly_updated_at": badge.updated_at,
    }


def _set(issued: IssuedBadge, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(issued, name, value)


def gone(issued: IssuedBadge, now: datetime) -> None:
    """Credly does not know the badge any more. The caller commits."""
    issued.gone_at = issued.gone_at or now
    issued.read_at = now
    issued.due = None


def plan_next_read(issued: IssuedBadge, now: datetime) -> None:
    """Decide when this badge is read again by itself: while pending, three times."""
    issued.due = _next_read(issued.state, issued.reads, now)
    issued.owner = None


def _next_read(state: str | None, reads: int, now: datetime) -> datetime | None:
    waiting = state == CredlyState.PENDING and reads < len(READS)
    return now + READS[reads] if waiting else None


def _is_older(badge: CredlyBadge, issued: IssuedBadge | IssuedFacts) -> bool:
    known, said = issued.credly_updated_at, badge.updated_at
    return known is not None and said is not None and said < known


def _keep_earlier_id(issued: IssuedBadge | IssuedFacts, credly_id: str | None) -> None:
    """Keep the id that the badge has at Credly beside, if it gets another one."""
    earlier = issued.credly_id
    if earlier and earlier != credly_id and db.session.get(EarlierCredlyId, earlier) is None:
        db.session.add(EarlierCredlyId(credly_id=earlier, issued_badge_id=issued.id))


def forget_credly_id(issued: IssuedBadge) -> None:
    """Keep the id of a revoked badge beside, so that the same cycle can be issued anew."""
    _keep_earlier_id(issued, None)
    issued.credly_id = None
    issued.state = issued.accept_url = issued.badge_url = None
    issued.state_changed_at = issued.credly_updated_at = None
    issued.due, issued.reminders = None, 0


def is_replaced(issued: IssuedBadge) -> bool:
    """Whether a later cycle stands in its place at Credly, so that nothing can be done with it."""
    later = select(IssuedBadge.id).where(
        IssuedBadge.replaces_id == issued.id, IssuedBadge.credly_id.is_not(None)
    )
    return db.session.scalar(later.limit(1)) is not None


def waits_at_credly() -> tuple[ColumnElement[bool], ...]:
    """The conditions that a badge is at Credly and its owner has not accepted it yet.

    The word stands in the statement, as it does in the index that holds only those.
    """
    pending = IssuedBadge.state == literal_column(f"'{CredlyState.PENDING.value}'")
    return pending, IssuedBadge.gone_at.is_(None)


def replaced_ids() -> Select:
    """The query of the ids of issued badges that a later cycle has replaced."""
    return select(IssuedBadge.replaces_id).where(
        IssuedBadge.replaces_id.is_not(None), IssuedBadge.credly_id.is_not(None)
    )
