"""Badges: taken from templates or made by hand, listed, changed, retired; never deleted."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import contains_eager, joinedload

from portal.credly.shapes import is_uuid
from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import (
    Badge,
    BadgeState,
    Connection,
    Delivery,
    DeliveryState,
    Held,
    IssuedBadge,
    Provider,
    Template,
)
from portal.services import audit
from portal.services.issuing import health
from portal.services.paging import Page, literally, page_of
from portal.services.plain_text import one_line

NEWEST = "newest"  # how a list of badges may be sorted, beside by name


def list_for_staff(
    q: str,
    state: str,
    provider: str,
    connection: str,
    page: int,
    only: Select | None = None,
    sort: str = "",
) -> Page:
    """Return a page of badges with their pictures, by name, or those that came last first.

    `only` narrows it to some ids.
    """
    query = _with_pictures()
    if sort == NEWEST:
        query = query.order_by(None).order_by(Badge.id.desc())
    if only is not None:
        query = query.where(Badge.id.in_(only))
    if state in set(BadgeState):
        query = query.where(Badge.state == state)
    if provider == "none":
        query = query.where(Badge.external_badge_id.is_(None))
    elif provider in set(Provider):
        query = query.where(Badge.external_badge_provider == provider)
    if connection.isascii() and connection.isdigit() and len(connection) < 10:
        query = query.where(Badge.connection_id == int(connection))
    return page_of(_matching(query, q), page, per_page=24)


def list_for_attaching(q: str = "") -> Sequence[Badge]:
    """Return up to 200 badges that something new may get, by name: active, as is their template."""
    fit = or_(Badge.template_id.is_(None), Template.state == "active")
    query = _with_pictures().where(Badge.state == BadgeState.ACTIVE, fit)
    return db.session.scalars(_matching(query, q).limit(200)).unique().all()


def get(badge_id: int) -> Badge:
    """Return the badge; raise NotFound."""
    badge = db.session.get(Badge, badge_id)
    if badge is None:
        raise NotFound
    return badge


def templates_to_add(connection: Connection, q: str, page: int) -> Page:
    """Return active templates of a connection that no active badge stands for yet."""
    taken = select(Badge.external_badge_id).where(
        Badge.state == BadgeState.ACTIVE, Badge.external_badge_id.is_not(None)
    )
    query = (
        select(Template)
        .where(Template.connection_id == connection.id, Template.state == "active")
        .where(Template.credly_id.not_in(taken))
        .options(joinedload(Template.image))
        .order_by(Template.name, Template.id)
    )
    if q:
        query = query.where(Template.name.ilike(literally(q), escape="\\"))
    return page_of(query, page, per_page=48)


def add_from_templates(
    *, connection: Connection, template_ids: Sequence[int], now: datetime
) -> list[Badge]:
    """Make an active badge of each chosen template; one that has its badge is passed over.

    Commits.
    """
    query = select(Template).where(
        Template.id.in_(template_ids), Template.connection_id == connection.id
    )
    added = [
        badge_of(template, now)
        for template in db.session.scalars(query)
        if _active_badge_of(template.credly_id) is None
    ]
    db.session.add_all(added)
    _commit_template(added)
    return added


def badge_of(template: Template, now: datetime) -> Badge:
    """Return a new badge backed by a template; nothing of its own, so it follows the template."""
    return Badge(
        external_badge_id=template.credly_id,
        external_badge_provider=Provider.CREDLY,
        connection_id=template.connection_id,
        template_id=template.id,
        made_at=now,
    )


def add_by_hand(*, name: str, external_badge_id: str, connection_id: int, now: datetime) -> Badge:
    """Add one badge; with a template id it is backed by Credly, else it lives here. Commits.

    `connection_id` is 0 for none: the badge is unchecked until a sync finds its template.
    """
    external_badge_id = external_badge_id.strip().lower()
    badge = Badge(own_name=one_line(name) or None, made_at=now)
    if external_badge_id:
        _back(badge, external_badge_id, db.session.get(Connection, connection_id))
    if not badge.name:
        raise RuleBroken(say("badge_name_missing"), "name")
    db.session.add(badge)
    _commit_template([badge])
    return badge


def change(*, badge: Badge, name: str, retired: bool) -> None:
    """Change a badge's own name (none means the template's) and its state. Commits."""
    before = badge.state
    badge.own_name = one_line(name) or None
    if not badge.own_name and badge.template is None:
        raise RuleBroken(say("badge_name_missing"), "name")
    if not retired and badge.state is BadgeState.RETIRED and badge.external_badge_id:
        _refuse_taken(badge.external_badge_id)
    badge.state = BadgeState.RETIRED if retired else BadgeState.ACTIVE
    audit.note("badge.change", subject=badge, before=before, after=badge.state)
    _commit_template()


def adopt_unchecked(connection: Connection, credly_ids: Sequence[str], now: datetime) -> None:
    """Tie badges that waited for their template to it, and let go what waited for them.

    `credly_ids` are templates that this connection's organisation really has. The caller commits.
    """
    query = select(Badge).where(
        Badge.external_badge_id.in_(credly_ids),
        Badge.template_id.is_(None),
        or_(Badge.connection_id.is_(None), Badge.connection_id == connection.id),
    )
    for badge in db.session.scalars(query).all():
        template = db.session.scalar(
            select(Template).filter_by(
                connection_id=connection.id, credly_id=badge.external_badge_id
            )
        )
        badge.template_id, badge.connection_id = template.id, connection.id
        db.session.flush()
        issued = select(IssuedBadge.id).where(IssuedBadge.badge_id == badge.id)
        mine = Delivery.issued_badge_id.in_(issued) & (Delivery.state == DeliveryState.HELD)
        db.session.execute(
            update(Delivery)
            .where(mine)
            .values(connection_id=connection.id)
            .execution_options(synchronize_session=False)
        )
        health.release(mine & (Delivery.held_because == Held.NO_CONNECTION), now)


def coverage() -> int:
    """Return how many active badges there are."""
    query = select(func.count()).select_from(Badge).where(Badge.state == BadgeState.ACTIVE)
    return db.session.scalar(query) or 0


def _back(badge: Badge, external_badge_id: str, connection: Connection | None) -> None:
    if not is_uuid(external_badge_id):
        raise RuleBroken(say("external_badge_id_not_uuid"), "external_badge_id")
    _refuse_taken(external_badge_id)
    badge.external_badge_id = external_badge_id
    badge.external_badge_provider = Provider.CREDLY
    badge.connection_id = connection.id if connection else None
    if connection:
        badge.template = db.session.scalar(
            select(Template).filter_by(connection_id=connection.id, credly_id=external_badge_id)
        )


def _active_badge_of(external_badge_id: str) -> Badge | None:
    query = select(Badge).filter_by(external_badge_id=external_badge_id, state=BadgeState.ACTIVE)
    return db.session.scalar(query)


def _refuse_taken(external_badge_id: str) -> None:
    other = _active_badge_of(external_badge_id)
    if other is not None:
        raise RuleBroken(say("badge_template_taken", badge=other.name), "external_badge_id")


def _commit_template(added: Sequence[Badge] = ()) -> None:
    """Two at once may take the same template; the database decides."""
    try:
        db.session.flush()
        for badge in added:
            audit.note("badge.add", subject=badge)
        db.session.commit()
    except IntegrityError as exc:
        db.session.rollback()
        raise RuleBroken(say("badge_template_taken", badge=""), "external_badge_id") from exc


def _with_pictures() -> Select:
    return (
        select(Badge)
        .outerjoin(Badge.template)
        .options(
            contains_eager(Badge.template).joinedload(Template.image),
            joinedload(Badge.own_image),
            joinedload(Badge.connection),
        )
        .order_by(func.coalesce(Badge.own_name, Template.name, ""), Badge.id)
    )


def _matching(query: Select, q: str) -> Select:
    if not q:
        return query
    pattern = literally(q)
    return query.where(
        or_(
            Badge.own_name.ilike(pattern, escape="\\"),
            Template.name.ilike(pattern, escape="\\"),
            Badge.external_badge_id.ilike(pattern, escape="\\"),
            Badge.source_id.ilike(pattern, escape="\\"),
        )
    )
