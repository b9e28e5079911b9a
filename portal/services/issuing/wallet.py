"""A learner's badges as a list: where each one stands, in one word, to filter and sort by."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, case, func, or_, select

from portal.extensions import db
from portal.models import Award, AwardState, CredlyState, Delivery, IssuedBadge, Person
from portal.services.issuing.shown import (
    BADGE,
    NAME,
    TEMPLATE,
    ShownAward,
    ShownBadge,
    ShownDelivery,
    ShownIssued,
    badge_columns,
    with_pictures,
)
from portal.services.paging import PER_PAGE, Page, literally, plain_page


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


# Statements are put together once, over plain tables: see `shown`.
_AWARD, _ISSUED, _DELIVERY = Award.__table__, IssuedBadge.__table__, Delivery.__table__
# A badge at Credly ends when Credly says; one of the portal alone, as its award says.
_ENDS = case((_ISSUED.c.id.is_not(None), _ISSUED.c.expires_at), else_=_AWARD.c.expires_at)
_MINE: FromClause = (
    _AWARD.join(BADGE, BADGE.c.id == _AWARD.c.badge_id)
    .outerjoin(TEMPLATE, TEMPLATE.c.id == BADGE.c.template_id)
    .outerjoin(_ISSUED, _ISSUED.c.id == _AWARD.c.issued_badge_id)
)
_IS_MINE = _AWARD.c.learner_id == bindparam("learner_id")
_AT_CREDLY = {
    CredlyState.PENDING: Standing.TO_ACCEPT,
    CredlyState.ACCEPTED: Standing.ACCEPTED,
    CredlyState.REJECTED: Standing.REJECTED,
    CredlyState.REVOKED: Standing.REVOKED,
}


def list_for_learner(learner: Person, wanted: Wanted, page: int, now: datetime) -> Page:
    """Return a page of what the learner earned."""
    query = _list(bool(wanted.q), wanted.standing is not None, wanted.order)
    values = _values(learner, wanted, now)

    def fetch(most: int, skipped: int) -> list[ShownAward]:
        found = db.session.execute(query, values | {"most": most, "skipped": skipped})
        return [_shown(row) for row in found.all()]

    def count() -> int:
        each = counts(learner, wanted.q, now)
        return each.get(wanted.standing, 0) if wanted.standing else sum(each.values())

    return plain_page(fetch, count, page, per_page=PER_PAGE)


def newest(learner: Person, most: int) -> list[ShownAward]:
    """Return what the learner earned last, without what was cancelled or taken back since."""
    values = {"learner_id": learner.id, "most": most, "skipped": 0}
    found = db.session.execute(_newest(), values)
    return [_shown(row) for row in found.all()]


def counts(learner: Person, q: str, now: datetime) -> dict[Standing, int]:
    """Return how many of the learner's badges with such a name are in each standing."""
    found = db.session.execute(_counts(bool(q)), _values(learner, Wanted(q), now))
    return {Standing(word): number for word, number in found}


def counts_beside(
    page: Page, learner: Person, wanted: Wanted, now: datetime
) -> Mapping[Standing, int]:
    """Return the same beside a page of the list; one that holds everything is counted as it is."""
    if wanted.standing is None and page.pages == 1:
        return Counter(stands(award, now) for award in page.rows)
    return counts(learner, wanted.q, now)


def named_like() -> ColumnElement[bool]:
    """Whether a badge's name is like `pattern`; the query joins the template from outside."""
    return NAME.ilike(bindparam("pattern"), escape="\\")


def by_name(order: Order) -> tuple[ColumnElement, ...]:
    """Sort by the badge's name where that was asked for; by nothing otherwise."""
    return (func.lower(NAME),) if order is Order.NAME else ()


def _values(learner: Person, wanted: Wanted, now: datetime) -> dict[str, object]:
    values: dict[str, object] = {"learner_id": learner.id, "now": now}
    if wanted.q:
        values["pattern"] = literally(wanted.q)
    if wanted.standing is not None:
        values["standing"] = wanted.standing.value
    return values


@cache
def _list(with_words: bool, with_standing: bool, order: Order) -> Select:
    latest, first = _DELIVERY.alias("latest"), _first_awards()
    newest_delivery = select(func.max(latest.c.id)).where(latest.c.issued_badge_id == _ISSUED.c.id)
    joined = with_pictures(_MINE).outerjoin(
        _DELIVERY,  # only what is not at Credly yet says what it waits for
        and_(
            _ISSUED.c.state.is_(None),
            _DELIVERY.c.id == newest_delivery.correlate(_ISSUED).scalar_subquery(),
        ),
    )
    same = and_(first.c.badge_id == _AWARD.c.badge_id, first.c.cycle == _AWARD.c.cycle)
    held = and_(_AWARD.c.state == AwardState.EARNED, first.c.id < _AWARD.c.id)
    query = (
        select(
            *(_AWARD.c[name] for name in ShownAward._fields[:6]),
            func.coalesce(held, False),
            *badge_columns(),
            *(_ISSUED.c[name] for name in ShownIssued._fields),
            *(_DELIVERY.c[name] for name in ShownDelivery._fields),
        )
        .select_from(joined.outerjoin(first, same))
        .where(_IS_MINE)
        .order_by(*_sorted_by(order))
        .limit(bindparam("most"))
        .offset(bindparam("skipped"))
    )
    if with_standing:
        query = query.where(_standing() == bindparam("standing"))
    return query.where(named_like()) if with_words else query


@cache
def _newest() -> Select:
    return _list(False, False, Order.NEWEST).where(_AWARD.c.state == AwardState.EARNED)


def _first_awards() -> FromClause:
    """The first award of each badge and cycle that counts; a later one is of a badge held already.

    As `awards.already_held` finds them.
    """
    first = _AWARD.alias("one")
    query = select(first.c.badge_id, first.c.cycle, func.min(first.c.id).label("id"))
    query = query.where(first.c.learner_id == bindparam("learner_id"))
    query = query.where(first.c.state == AwardState.EARNED)
    return query.group_by(first.c.badge_id, first.c.cycle).subquery("first")


@cache
def _counts(with_words: bool) -> Select:
    each = select(_standing().label("word")).select_from(_MINE).where(_IS_MINE)
    each = (each.where(named_like()) if with_words else each).subquery()
    return select(each.c.word, func.count()).group_by(each.c.word)


def _standing() -> ColumnElement[str]:
    """Where an award stands at `now`, decided by the database."""
    issued, now = _ISSUED.c, bindparam("now", type_=_ISSUED.c.expires_at.type)
    accepted, over = issued.state == CredlyState.ACCEPTED, and_(_ENDS.is_not(None), now >= _ENDS)
    return case(
        (_AWARD.c.state == AwardState.REVOKED, Standing.REVOKED.value),
        (_AWARD.c.state == AwardState.CANCELLED, Standing.CANCELLED.value),
        (issued.gone_at.is_not(None), Standing.GONE.value),
        (and_(or_(issued.id.is_(None), accepted), over), Standing.EXPIRED.value),
        (issued.id.is_(None), Standing.EARNED.value),
        (issued.state.is_(None), Standing.ON_ITS_WAY.value),
        *((issued.state == word, standing.value) for word, standing in _AT_CREDLY.items()),
        else_=Standing.ISSUED.value,  # a word that Credly added since
    )


def _sorted_by(order: Order) -> tuple[ColumnElement, ...]:
    newest_first = (*by_name(order), _AWARD.c.earned_at.desc(), _AWARD.c.id.desc())
    if order is Order.EXPIRY:  # what never ends comes last, on every database
        return (_ENDS.is_(None), _ENDS, *newest_first)
    return newest_first


def _shown(row) -> ShownAward:
    badge, issued, delivery = row[7:11], row[11:18], row[18:]
    return ShownAward(
        *row[:7],
        ShownBadge(*badge),
        ShownIssued(*issued) if issued[0] is not None else None,
        ShownDelivery(*delivery) if delivery[0] is not None else None,
    )


def stands(award: Award | ShownAward, now: datetime) -> Standing:
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
