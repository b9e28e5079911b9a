"""Bringing rows of badge.csv in: a verdict becomes a badge, or changes one. Callers commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.extensions import db
from portal.models import Badge, BadgeState, Connection, Image, ImageState, Provider, Template
from portal.services.importing.badges.naming import name_of
from portal.services.importing.badges.rows import BadgeRow
from portal.services.importing.cell_rules import is_address
from portal.services.importing.judging import Verdict
from portal.services.in_bulk import insert_all


@dataclass
class BadgeVerdict(Verdict):
    """What becomes of a row, with the badge it is about and the template it will have."""

    row: BadgeRow
    badge: Badge | None = None
    external_id: str | None = None
    template: Template | None = None


class Keeper:
    """Changes badges at once and puts new ones aside, which go in with one statement."""

    def __init__(self, connection: Connection | None, now: datetime) -> None:
        self.connection, self.now = connection, now
        self._new: list[tuple[dict[str, Any], Image | None]] = []

    def bring_in(self, verdict: BadgeVerdict) -> None:
        """Add or change the badge of a row. Picture addresses are left for their own job."""
        values = _values(verdict, self.now) | _backing(verdict, self.connection)
        image = _picture(verdict, self.now)
        if verdict.badge is None:
            self._new.append((values, image))
        else:
            _change(verdict.badge, values, image, verdict.holds)

    def finish(self) -> None:
        """Write the new badges. Those that were changed have let go of their templates by now."""
        images = [image for _values, image in self._new if image]
        db.session.add_all(images)
        db.session.flush()
        rows = [
            values | {"own_image_id": image.id if image else None} for values, image in self._new
        ]
        # The plain table: by way of the class, rows with and without a value go one by one.
        insert_all(Badge.__table__, rows)
        self._new.clear()


def _values(verdict: BadgeVerdict, now: datetime) -> dict[str, Any]:
    row = verdict.row
    values: dict[str, Any] = {"state": row.state, "made_at": row.made_at or now}
    if verdict.badge is None or row.name != name_of(verdict.badge):
        values["own_name"] = row.name  # else it may go on following its template
    if "lastModifiedDate" in row.given:
        values["changed_at"] = row.changed_at
    return values if verdict.badge else values | {"source_id": row.source_id}


def _backing(verdict: BadgeVerdict, connection: Connection | None) -> dict[str, Any]:
    """Tie the badge to its template; one that no connection vouches for waits for a sync."""
    badge, external_id = verdict.badge, verdict.external_id
    if badge and badge.external_badge_id == external_id and badge.connection_id is not None:
        return {}
    vouching = connection if external_id else None
    return {
        "external_badge_id": external_id,
        "external_badge_provider": Provider.CREDLY if external_id else None,
        "connection_id": vouching.id if vouching else None,
        "template_id": verdict.template.id if vouching and verdict.template else None,
    }


def has_picture(row: BadgeRow, image: Image | None) -> bool:
    """Say whether a picture in the zip is the one that is there, or our own copy of it.

    Where it stands in the zip does not matter: an export has paths of its own.
    """
    if image is None or row.image_digest is None or is_address(image.source):
        return False
    return row.image_digest in (image.digest, image.key)


def _picture(verdict: BadgeVerdict, now: datetime) -> Image | None:
    """Return the picture that the row gives the badge, if it is another than it has."""
    row = verdict.row
    before = verdict.badge.own_image if verdict.badge else None
    if row.image_key and row.image_path:
        if has_picture(row, before):
            return None
        kept = {"digest": row.image_digest, "key": row.image_key, "state": ImageState.STORED}
        return Image(source=row.image_path, due=now, **kept)
    if row.image_url and (before is None or before.source != row.image_url):
        # The picture we had is shown until the new one is there.
        return Image(source=row.image_url, key=before.key if before else None, due=now)
    return None


def _change(badge: Badge, values: dict[str, Any], image: Image | None, holds: str | None) -> None:
    held = badge.external_badge_id if badge.state is BadgeState.ACTIVE else None
    for name, value in values.items():
        setattr(badge, name, value)
    if image:
        badge.own_image = image
    if held and held != holds:
        db.session.flush()  # a later row may take the template that this one has let go of
