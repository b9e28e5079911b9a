"""Bringing a row of badge.csv in: its verdict becomes a badge, or changes one. Callers commit."""

from dataclasses import dataclass
from datetime import datetime

from portal.extensions import db
from portal.models import Badge, Connection, Image, ImageState, Outcome, Provider, Template
from portal.services.importing.badges.naming import name_of
from portal.services.importing.badges.rows import BadgeRow
from portal.services.importing.judging import Verdict


@dataclass
class BadgeVerdict(Verdict):
    """What becomes of a row, with the badge it is about and the template it will have."""

    row: BadgeRow
    badge: Badge | None = None
    external_id: str | None = None
    template: Template | None = None


def bring_in(verdict: BadgeVerdict, connection: Connection | None, now: datetime) -> None:
    """Add or change the badge of a row. Picture addresses are left for the pictures' own job."""
    badge = verdict.badge or Badge(source_id=verdict.row.source_id)
    row = verdict.row
    badge.state = row.state
    if row.name != name_of(badge):  # else it may go on following its template
        badge.own_name = row.name
    badge.made_at = row.made_at or now
    if "lastModifiedDate" in row.given:
        badge.changed_at = row.changed_at
    _give_picture(badge, row, now)
    _back(badge, verdict, connection)
    db.session.add(badge)
    if verdict.outcome is Outcome.CHANGED:
        db.session.flush()  # a later row may take the template that this one has let go of


def _give_picture(badge: Badge, row: BadgeRow, now: datetime) -> None:
    before = badge.own_image
    if row.image_key:
        if before is None or (before.source, before.digest) != (row.image_path, row.image_digest):
            badge.own_image = Image(
                source=row.image_path,
                digest=row.image_digest,
                key=row.image_key,
                state=ImageState.STORED,
                due=now,
            )
    elif row.image_url and (before is None or before.source != row.image_url):
        # The picture we had is shown until the new one is there.
        badge.own_image = Image(source=row.image_url, key=before.key if before else None, due=now)


def _back(badge: Badge, verdict: BadgeVerdict, connection: Connection | None) -> None:
    """Tie the badge to its template; one that no connection vouches for waits for a sync."""
    same = badge.external_badge_id == verdict.external_id
    if same and badge.connection_id is not None:
        return
    badge.external_badge_id = verdict.external_id
    badge.external_badge_provider = Provider.CREDLY if verdict.external_id else None
    backed = verdict.external_id is not None and connection is not None
    badge.connection_id = connection.id if backed and connection else None
    badge.template_id = verdict.template.id if backed and verdict.template else None
