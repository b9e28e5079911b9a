"""A learner's badges as a list: where each one stands, in one word, to filter and sort by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    Badge,
    CredlyState,
    Delivery,
    IssuedBadge,
    Person,
    Template,
)
from portal.services.paging import Page, literally, page_of


class Standing(StrEnum):
    """Where an earned badge stands; the same words as on its pill."""

    ON_ITS_WAY = "on_its_way"
    TO_ACCEPT = "to_accept"
    ACCEPTED = "accepted"
    EARNED = "earned"
    ISSUED = "issued"
    EXPIRED = "expired"
    REJECTED = "rejected"
    REVOKED = "revoked"
    GONE = "gone"
    CANCELLED = "cancelled"


class Order(StrEnum):
    """What a list of badges is sorted by."""

    NEWEST = "newest"
    NAME = "name"
    EXPIRY = "expiry"


@dataclass(frozen=True)
class Wanted:
    """What the list was asked for; no standing means every one."""

    q: str = ""
    standing: Standing | None = None
    order: Order = Order.NEWEST


_NAME = func.coalesce(func.nullif(Badge.own_name, ""), Template.name, "")
# A badge at Credly ends when Credly says; one of the portal alone, as its award says.
_ENDS = case((IssuedBadge.id.is_not(None), IssuedBadge.expires_at), else_=Award.expires_at)
_AT_CREDLY = {
    CredlyState.PENDING: Standing.TO_ACCEPT,
    CredlyState.ACCEPTED: Standing.ACCEPTED,
    CredlyState.REJECTED: Standing.REJECTED,
    CredlyState.REVOKED: Standing.REVOKED,
}


def list_for_learner(learner: Person, wanted: Wanted, page: int, now: datetime) -> Page:
    """Return a page of what the learner earned."""
    query = (
        _mine(select(Award), learner)
        .options(
            contains_eager(Award.badge).options(
                contains_eager(Badge.template).joinedload(Template.image),
                joinedload(Badge.own_image),
                joinedload(Badge.connection),
            ),
            contains_eager(Award.issued_badge),
        )
        .order_by(*_sorted_by(wanted))
    )
    if wanted.standing is not None:
        query = query.where(standing_of(now) == wanted.standing.value)
    if wanted.q:
        query = query.where(named_like(wanted.q))
    return page_of(query, page)


def counts(learner: Person, q: str, now: datetime) -> dict[Standing, int]:
    """Return how many of the learner's badges with such a name are in each standing."""
    each = _mine(select(Award.id, standing_of(now).label("word")), learner)
    each = (each.where(named_like(q)) if q else each).subquery()
    query = select(each.c.word, func.count()).group_by(each.c.word)
    return {Standing(found): number for found, number in db.session.execute(query)}


def deliveries_of(given: Sequence[Award]) -> dict[int, Delivery]:
    """Return the newest delivery of each issued badge behind these awards, by the badge's id."""
    ids = {award.issued_badge_id for award in given if award.issued_badge_id}
    if not ids:
        return {}
    newest = (
        select(func.max(Delivery.id))
        .where(Delivery.issued_badge_id.in_(ids))
        .group_by(Delivery.issued_badge_id)
    )
    found = db.session.scalars(select(Delivery).where(Delivery.id.in_(newest)))
    return {one.issued_badge_id: one for one in found}


def named_like(q: str) -> ColumnElement[bool]:
    """Whether a badge's name holds these words; the query joins the template from outside."""
    return _NAME.ilike(literally(q), escape="\\")


def by_name(wanted: Wanted) -> tuple[ColumnElement, ...]:
    """Sort by the badge's name where that was asked for; by nothing otherwise."""
    return (func.lower(_NAME),) if wanted.order is Order.NAME else ()


def standing_of(now: datetime) -> ColumnElement[str]:
    """Where an award stands, decided by the database; it joins the issued badge from outside."""
    issued, accepted = IssuedBadge, IssuedBadge.state == CredlyState.ACCEPTED
    over = and_(_ENDS.is_not(None), now >= _ENDS)
    return case(
        (Award.state == AwardState.REVOKED, Standing.REVOKED.value),
        (Award.state == AwardState.CANCELLED, Standing.CANCELLED.value),
        (issued.gone_at.is_not(None), Standing.GONE.value),
        (and_(or_(issued.id.is_(None), accepted), over), Standing.EXPIRED.value),
        (issued.id.is_(None), Standing.EARNED.value),
        (issued.state.is_(None), Standing.ON_ITS_WAY.value),
        *((issued.state == word, standing.value) for word, standing in _AT_CREDLY.items()),
        else_=Standing.ISSUED.value,  # a word that Credly added since
    )


def _mine(query: Select, learner: Person) -> Select:
    return (
        query.join(Award.badge)
        .outerjoin(Badge.template)
        .outerjoin(Award.issued_badge)
        .where(Award.learner_id == learner.id)
    )


def _sorted_by(wanted: Wanted) -> tuple[ColumnElement, ...]:
    newest = (*by_name(wanted), Award.earned_at.desc(), Award.id.desc())
    if wanted.order is Order.EXPIRY:  # what never ends comes last, on every database
        return (_ENDS.is_(None), _ENDS, *newest)
    return newest


def stands(award: Award, now: datetime) -> Standing:
    """Say the same of one award that is at hand."""
    issued = award.issued_badge
    if award.state is not AwardState.EARNED:
        return Standing(award.state.value)
    if issued is not None and issued.gone_at:
        return Standing.GONE
    ends = issued.expires_at if issued else award.expires_at
    if ends and ends <= now and (issued is None or issued.state == CredlyState.ACCEPTED):
        return Standing.EXPIRED
    if issued is None:
        return Standing.EARNED
    if issued.state is None:
        return Standing.ON_ITS_WAY
    return _AT_CREDLY.get(issued.state, Standing.ISSUED)
