"""What Credly holds, taken over into our rows: the newest word wins, whatever order it came in."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from portal.credly.payloads import Badge as CredlyBadge
from portal.extensions import db
from portal.models import CredlyState, EarlierCredlyId, IssuedBadge
from portal.services.means import Means

# A badge that is still pending is read again by itself so long after it was issued.
READS = (timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))


def apply_first(
    issued: IssuedBadge, badge: CredlyBadge, means: Means, now: datetime, *, was_there: bool
) -> None:
    """Take over a badge that Credly has just issued or that was found there. No commit."""
    issued.was_there = was_there
    issued.reads = 0
    apply(issued, badge, means, now)
    plan_next_read(issued, now)


def apply(issued: IssuedBadge, badge: CredlyBadge, means: Means, now: datetime) -> bool:
    """Take over what Credly says unless we know something newer; say whether the state changed.

    Addresses are kept only when they lead to Credly. The caller commits.
    """
    issued.read_at = now
    issued.gone_at = None
    if issued.credly_id != badge.id:
        _take_over_id(issued, badge.id)
    elif _is_older(badge, issued):
        return False
    changed = issued.state != badge.state
    hosts = means.door.hosts
    issued.state = badge.state
    issued.public = badge.public is not False
    issued.accept_url = hosts.safe_link(badge.accept_badge_url or "")
    issued.badge_url = hosts.safe_link(badge.badge_url or "")
    issued.profile_url = hosts.safe_profile(badge.user_url or "") or issued.profile_url
    issued.expires_at = badge.expires_at or issued.expires_at
    issued.state_changed_at = badge.state_updated_at
    issued.credly_updated_at = badge.updated_at
    return changed


def gone(issued: IssuedBadge, now: datetime) -> None:
    """Credly does not know the badge any more. The caller commits."""
    issued.gone_at = issued.gone_at or now
    issued.read_at = now
    issued.due = None


def plan_next_read(issued: IssuedBadge, now: datetime) -> None:
    """Decide when this badge is read again by itself: while pending, three times."""
    waiting = issued.state == CredlyState.PENDING and issued.reads < len(READS)
    issued.due = now + READS[issued.reads] if waiting else None
    issued.owner = None


def _is_older(badge: CredlyBadge, issued: IssuedBadge) -> bool:
    known, said = issued.credly_updated_at, badge.updated_at
    return known is not None and said is not None and said < known


def _take_over_id(issued: IssuedBadge, credly_id: str | None) -> None:
    if issued.credly_id and db.session.get(EarlierCredlyId, issued.credly_id) is None:
        db.session.add(EarlierCredlyId(credly_id=issued.credly_id, issued_badge_id=issued.id))
    issued.credly_id = credly_id


def forget_credly_id(issued: IssuedBadge) -> None:
    """Keep the id of a revoked badge beside, so that the same cycle can be issued anew."""
    _take_over_id(issued, None)
    issued.state = issued.accept_url = issued.badge_url = None
    issued.state_changed_at = issued.credly_updated_at = None
    issued.due, issued.reminders = None, 0


def is_replaced(issued: IssuedBadge) -> bool:
    """Whether a later cycle stands in its place at Credly, so that nothing can be done with it."""
    later = select(IssuedBadge.id).where(
        IssuedBadge.replaces_id == issued.id, IssuedBadge.credly_id.is_not(None)
    )
    return db.session.scalar(later.limit(1)) is not None


def replaced_ids() -> Select:
    """The query of the ids of issued badges that a later cycle has replaced."""
    return select(IssuedBadge.replaces_id).where(
        IssuedBadge.replaces_id.is_not(None), IssuedBadge.credly_id.is_not(None)
    )
