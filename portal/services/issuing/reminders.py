"""Reminders to accept a badge: 3 and 14 days after Credly issued it, and never more than those."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import CredlyState, IssuedBadge, Person
from portal.services.issuing import notices
from portal.services.issuing.issued_badges import replaced_ids, waits_at_credly

AFTER = (timedelta(days=3), timedelta(days=14))
AT_ONCE = 200


def remind(now: datetime) -> int:
    """Remind whoever is due; return how many. Commits.

    Only while the badge is pending and has not expired. Where the first one was missed, for
    nobody was at work, the second stands for both.
    """
    at, sent = IssuedBadge.came_at, IssuedBadge.reminders
    due = or_(*((sent <= number) & (at <= now - wait) for number, wait in enumerate(AFTER)))
    query = (
        select(IssuedBadge)
        .join(IssuedBadge.learner)
        .where(*waits_at_credly())
        .where(or_(IssuedBadge.expires_at.is_(None), IssuedBadge.expires_at > now))
        .where(IssuedBadge.id.not_in(replaced_ids()))
        .where(Person.active, sent < len(AFTER), due)
        .options(joinedload(IssuedBadge.badge), joinedload(IssuedBadge.learner))
        .limit(AT_ONCE)
    )
    found = db.session.scalars(query).unique().all()
    told = sum(_remind(issued, now) for issued in found)
    db.session.commit()
    return told


def _remind(issued: IssuedBadge, now: datetime) -> bool:
    """Count the reminder first: only one of two engines sends it."""
    passed = sum(issued.came_at <= now - wait for wait in AFTER)
    mine = db.session.execute(
        update(IssuedBadge)
        .where(IssuedBadge.id == issued.id, IssuedBadge.reminders < passed)
        .where(IssuedBadge.state == CredlyState.PENDING)
        .values(reminders=passed)
        .execution_options(synchronize_session=False)
    )
    if mine.rowcount != 1:
        return False
    notices.reminder(issued, now)
    return True
