"""What became of the badges issued at Credly: who was told, who accepted, who still waits how long.

Counted are issued badges as they stand, each once; one that a renewal replaced, or that Credly does
not show any more, counts no longer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, or_, select

from portal.extensions import db
from portal.models import Award, Badge, CredlyState, IssuedBadge, Person, Template
from portal.services.issuing.issued_badges import replaced_ids
from portal.services.issuing.issued_when import issued_when
from portal.services.mentions import names_person
from portal.services.paging import Page, table_page

_PIECE = 500


class Age(StrEnum):
    """For how many full days a badge has waited to be accepted."""

    DAYS_0_3 = "0-3"
    DAYS_4_14 = "4-14"
    DAYS_15_30 = "15-30"
    OVER_30 = "over-30"


_UP_TO = {Age.DAYS_0_3: 3, Age.DAYS_4_14: 14, Age.DAYS_15_30: 30}


@dataclass(frozen=True)
class Narrowed:
    """What is looked at: badges issued in the last so many days (0: all), of one source or badge,
    and, in the list of those who wait, of one age or with these words."""

    days: int = 0
    badge_id: int = 0
    learning_object_id: int = 0
    skill_level_id: int = 0
    age: Age | None = None
    q: str = ""


def facts(narrowed: Narrowed, now: datetime) -> Subquery:
    """Return a row for each issued badge: its moment, its state, its age while it waits."""
    moments, issued = issued_when(), IssuedBadge
    at = func.coalesce(moments.c.at, issued.issued_at)
    waits = issued.state == CredlyState.PENDING
    told = or_(moments.c.mailed.is_(None), moments.c.mailed == 1, issued.reminders > 0, ~waits)
    ages = [(at > now - timedelta(days=most + 1), age.value) for age, most in _UP_TO.items()]
    query = (
        select(
            issued.id,
            issued.badge_id,
            issued.learner_id,
            issued.state,
            issued.reminders,
            at.label("at"),
            case((told, 1), else_=0).label("told"),
            case((waits, case(*ages, else_=Age.OVER_30.value))).label("age"),
        )
        .outerjoin(moments, moments.c.issued_badge_id == issued.id)
        .where(issued.credly_id.is_not(None), issued.gone_at.is_(None))
        .where(issued.id.not_in(replaced_ids()), *_where(narrowed, at, now))
    )
    return query.subquery()


def measures(each: Subquery) -> list[ColumnElement[int]]:
    """Return what is counted of a group of facts, by name."""
    waiting = [(each.c.age == age.value, age.value) for age in Age]
    counted = [
        (each.c.told == 1, "told"),
        (each.c.state == CredlyState.ACCEPTED, "accepted"),
        (each.c.state == CredlyState.PENDING, "pending"),
        (each.c.state == CredlyState.REJECTED, "rejected"),
        (each.c.state == CredlyState.REVOKED, "revoked"),
        *waiting,
    ]
    sums = [func.coalesce(func.sum(case((what, 1), else_=0)), 0).label(n) for what, n in counted]
    return [func.count(each.c.id).label("issued"), *sums]


def totals(narrowed: Narrowed, now: datetime) -> dict[str, int]:
    """Return the whole funnel in one statement."""
    return dict(db.session.execute(select(*measures(facts(narrowed, now)))).mappings().one())


def by_badge(narrowed: Narrowed, order: str, page: int, now: datetime) -> Page:
    """Return a page of badges with their funnels."""
    return table_page(_by_badge(narrowed, order, now), page)


def every_badge(narrowed: Narrowed, order: str, now: datetime) -> Iterator[Any]:
    """Yield all of them, for a file."""
    return iter(db.session.execute(_by_badge(narrowed, order, now)).mappings())


def sorted_by(order: str, name: ColumnElement, numbers: list[ColumnElement]) -> list[ColumnElement]:
    """Return how a table of funnels is sorted: by name, or by a number with the largest first."""
    found = [column.desc() for column in numbers if column.name == order]
    return [*found, func.lower(name), name]


def list_pending(narrowed: Narrowed, page: int, now: datetime) -> Page:
    """Return a page of those who have not accepted yet, the longest waiting first."""
    each = facts(narrowed, now)
    return table_page(_pending(narrowed, each).order_by(each.c.at, each.c.id), page)


def every_pending(narrowed: Narrowed, now: datetime) -> Iterator[Any]:
    """Yield all of them, a bounded number at a time."""
    each, last = facts(narrowed, now), 0
    while True:
        piece = _pending(narrowed, each).where(each.c.id > last).order_by(each.c.id).limit(_PIECE)
        rows = db.session.execute(piece).mappings().all()
        yield from rows
        if len(rows) < _PIECE:
            return
        last = rows[-1]["id"]


def _where(narrowed: Narrowed, at: ColumnElement, now: datetime) -> list[ColumnElement[bool]]:
    where = [at >= now - timedelta(days=narrowed.days)] if narrowed.days else []
    if narrowed.badge_id:
        where.append(IssuedBadge.badge_id == narrowed.badge_id)
    through = select(Award.issued_badge_id).where(Award.issued_badge_id.is_not(None))
    if narrowed.learning_object_id:
        through = through.filter_by(learning_object_id=narrowed.learning_object_id)
    if narrowed.skill_level_id:
        through = through.filter_by(skill_level_id=narrowed.skill_level_id)
    if narrowed.learning_object_id or narrowed.skill_level_id:
        where.append(IssuedBadge.id.in_(through))
    return where


_NAME = func.coalesce(func.nullif(Badge.own_name, ""), Template.name, "")


def _by_badge(narrowed: Narrowed, order: str, now: datetime) -> Select:
    each = facts(narrowed, now)
    name, numbers = _NAME.label("name"), measures(each)
    return (
        select(each.c.badge_id, name, *numbers)
        .join(Badge, Badge.id == each.c.badge_id)
        .outerjoin(Template, Template.id == Badge.template_id)
        .group_by(each.c.badge_id, Badge.own_name, Template.name)
        .order_by(*sorted_by(order, _NAME, numbers), each.c.badge_id)
    )


def _pending(narrowed: Narrowed, each: Subquery) -> Select:
    full_name = case(
        (Person.erased_at.is_(None), Person.first_name + " " + Person.last_name), else_="–"
    )
    query = (
        select(
            *(each.c.id, each.c.badge_id, each.c.learner_id, each.c.at, each.c.reminders),
            *(_NAME.label("badge"), full_name.label("name")),
            Person.known_email.label("email"),
        )
        .join(Person, Person.id == each.c.learner_id)
        .join(Badge, Badge.id == each.c.badge_id)
        .outerjoin(Template, Template.id == Badge.template_id)
        .where(each.c.state == CredlyState.PENDING)
    )
    if narrowed.age is not None:
        query = query.where(each.c.age == narrowed.age.value)
    if narrowed.q:
        query = query.where(names_person(narrowed.q))
    return query
