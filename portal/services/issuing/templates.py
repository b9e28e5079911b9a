"""Mirroring Credly's templates: what is new, what changed, and what hangs on it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.credly.links import Hosts
from portal.credly.payloads import Template as CredlyTemplate
from portal.extensions import db
from portal.models import Connection, Image, ImageState, Template
from portal.services.issuing import badges, health

# What a person wants to hear about when it changes, and where it stands in our row.
WATCHED = {
    "name": "name",
    "description": "description",
    "criteria": "criteria",
    "skills": "skills",
    "state": "state",
}
LONGEST_SHOWN = 200


def mirror(
    connection: Connection, found: Iterable[CredlyTemplate], hosts: Hosts, now: datetime
) -> list[dict[str, Any]]:
    """Take over one page of templates; return what changed. The caller commits."""
    found = {template.id: template for template in found}
    query = select(Template).where(
        Template.connection_id == connection.id, Template.credly_id.in_(list(found))
    )
    known = {template.credly_id: template for template in db.session.scalars(query)}
    changes = []
    for credly_id, theirs in found.items():
        ours = known.get(credly_id)
        if ours is None:
            ours = Template(connection_id=connection.id, credly_id=credly_id)
            _take_over(ours, theirs, hosts)
            db.session.add(ours)
            changes.append({**_named(ours), "field": "new", "old": None, "new": None})
        else:
            changes += _changes(ours, theirs, hosts, now)
        ours.seen_at = now
    db.session.flush()
    badges.adopt_unchecked(connection, list(found), now)
    return changes


def mark_missing(connection: Connection, before: datetime) -> list[dict[str, Any]]:
    """Templates that a whole sync did not meet are gone at Credly. The caller commits."""
    query = select(Template).where(
        Template.connection_id == connection.id,
        Template.seen_at < before,
        Template.state != "missing",
    )
    changes = []
    for template in db.session.scalars(query):
        changes.append(_change(template, "state", template.state, "missing"))
        health.hold_template(template.id, "missing")
    return changes


def mark_gone(connection: Connection, credly_id: str) -> None:
    """One template is not at Credly any more. The caller commits."""
    query = select(Template).filter_by(connection_id=connection.id, credly_id=credly_id)
    template = db.session.scalar(query)
    if template is not None:
        health.hold_template(template.id, "missing")


def _changes(
    ours: Template, theirs: CredlyTemplate, hosts: Hosts, now: datetime
) -> list[dict[str, Any]]:
    before = {name: getattr(ours, column) for name, column in WATCHED.items()}
    before["image"] = ours.image.source if ours.image else None
    was_active = ours.is_active
    _take_over(ours, theirs, hosts)
    after = {name: getattr(ours, column) for name, column in WATCHED.items()}
    after["image"] = ours.image.source if ours.image else None
    if ours.is_active and not was_active:
        health.release_template(ours, now)
    elif was_active and not ours.is_active:
        health.hold_template(ours.id, theirs.state)
    return [
        _change(ours, name, before[name], after[name])
        for name in after
        if before[name] != after[name]
    ]


def _take_over(ours: Template, theirs: CredlyTemplate, hosts: Hosts) -> None:
    ours.name = theirs.name[:500]
    ours.description = theirs.description
    ours.criteria = list(theirs.criteria)
    ours.skills = list(theirs.skills)
    ours.state = theirs.state[:32]
    ours.allow_duplicates = theirs.allow_duplicate_badges
    ours.url = hosts.safe_link(theirs.url or "")
    source = hosts.safe_image(theirs.image_url or "")
    if source is None:
        ours.image = None
    elif ours.image is None or ours.image.source != source:
        ours.image = image_from(source, before=ours.image)


def image_from(source: str, *, before: Image | None) -> Image:
    """Return an image to be fetched; the picture we had is shown until the new one is there."""
    return Image(
        source=source,
        from_credly=True,
        state=ImageState.WAITING,
        key=before.key if before else None,
    )


def _change(template: Template, field: str, old: Any, new: Any) -> dict[str, Any]:
    return {**_named(template), "field": field, "old": _shown(old), "new": _shown(new)}


def _named(template: Template) -> dict[str, Any]:
    """Which template it is: what it is called now, and its id, by which its badges are found."""
    return {"template": template.name, "credly_id": template.credly_id}


def _shown(value: Any) -> str:
    text = ", ".join(value) if isinstance(value, list) else str(value or "")
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
