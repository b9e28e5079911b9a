"""Keeping what Credly publishes of an accepted badge, so that the proof outlives the provider."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.credly.errors import CredlyTrouble
from portal.extensions import db
from portal.models import (
    Badge,
    ConnectionState,
    CredlyState,
    IssuedBadge,
    OpenBadgeRecord,
    RecordState,
)
from portal.services.issuing.calling import client_for, end_transaction
from portal.services.issuing.claims import claim_next, still_mine
from portal.services.means import Means

LEASE = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(days=1)
AT_ONCE = 500


def ask_for_new(now: datetime) -> int:
    """Ask for the records of accepted public badges that have none yet. The caller commits."""
    kept = OpenBadgeRecord.credly_id
    query = (
        select(IssuedBadge, OpenBadgeRecord)
        .outerjoin(OpenBadgeRecord, OpenBadgeRecord.issued_badge_id == IssuedBadge.id)
        .where(IssuedBadge.state == CredlyState.ACCEPTED, IssuedBadge.public.is_(True))
        .where(IssuedBadge.credly_id.is_not(None), IssuedBadge.gone_at.is_(None))
        .where(kept.is_(None) | (kept != IssuedBadge.credly_id))
        .order_by(IssuedBadge.id)
        .limit(AT_ONCE)
    )
    found = db.session.execute(query).all()
    for issued, record in found:
        _ask_for(issued, record, now)
    return len(found)


def of_issued(issued: IssuedBadge | None) -> OpenBadgeRecord | None:
    """Return the stored record of an issued badge; None while there is none."""
    return of_many([issued.id]).get(issued.id) if issued else None


def of_many(issued_badge_ids: Collection[int]) -> dict[int, OpenBadgeRecord]:
    """Return the stored records of these issued badges, by the issued badge's id."""
    query = select(OpenBadgeRecord).where(
        OpenBadgeRecord.issued_badge_id.in_(issued_badge_ids),
        OpenBadgeRecord.fetched_at.is_not(None),
    )
    return {one.issued_badge_id: one for one in db.session.scalars(query)}


def fetch_next(means: Means, now: datetime) -> bool:
    """Fetch one record that is due from Credly; say whether there was one. Commits."""
    states = (RecordState.WAITING, RecordState.FETCHING)
    taken = claim_next(
        OpenBadgeRecord, states=states, busy=RecordState.FETCHING, lease=LEASE, now=now
    )
    if taken is None:
        return False
    record_id, owner = taken
    record = db.session.get_one(OpenBadgeRecord, record_id, populate_existing=True)
    credly_id, tries = record.credly_id, record.tries
    badge = _badge_of(record)
    connection = badge.connection
    end_transaction()
    found = None
    if connection is not None and connection.state is ConnectionState.WORKING:
        try:
            client = client_for(connection, means)
            found = client.open_badge(credly_id, badge.external_badge_id or "")
        except CredlyTrouble:
            found = None  # whatever it was, deliveries notice and tell; this waits
    values = {"state": RecordState.STORED, "record": found, "fetched_at": now}
    if found is None:
        wait = min(FIRST_WAIT * 2 ** min(tries - 1, 10), LONGEST_WAIT)
        values = {"state": RecordState.WAITING, "due": now + wait}
    still_mine(OpenBadgeRecord, record_id, owner, owner=None, **values)
    db.session.commit()
    return True


def _ask_for(issued: IssuedBadge, record: OpenBadgeRecord | None, now: datetime) -> None:
    if record is None:
        record = OpenBadgeRecord(issued_badge_id=issued.id)
        db.session.add(record)
    # The record of the badge that was replaced stays until there is a newer one.
    record.credly_id, record.state = issued.credly_id, RecordState.WAITING
    record.due, record.tries = now, 0


def _badge_of(record: OpenBadgeRecord) -> Badge:
    query = (
        select(Badge)
        .join(IssuedBadge, IssuedBadge.badge_id == Badge.id)
        .where(IssuedBadge.id == record.issued_badge_id)
        .options(joinedload(Badge.connection))
    )
    return db.session.scalars(query).one()
