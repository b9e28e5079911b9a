"""What became of the badges issued at Credly: who was told, who accepted, who still waits how long.

Counted are issued badges as they stand, each once; one that a renewal replaced, or that Credly does
not show any more, counts no longer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Award, Badge, CredlyState, IssuedBadge, Person, Template
from portal.services.issuing.issued_badges import replaced_ids, waits_at_credly
from portal.services.issuing.silence import silent_ids
from portal.services.mentions import names_person
from portal.services.paging import Page, table_page
from portal.services.slices import START, Order, Place, Slice, count, slice_of

_PIECE = 500
_LONGEST_FIRST = Order((IssuedBadge.came_at, IssuedBadge.id))


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
    """Return a row for each issued badge: its state, whether its owner was told, its age while it
    waits.

    All of it is in one index, and the few that came silently are in another.
    """
    issued = IssuedBadge
    waits = issued.state == CredlyState.PENDING
    silent = case((waits & (issued.reminders == 0) & issued.id.in_(silent_ids()), 1), else_=0)
    ages = [(issued.came_at > now - timedelta(days=most + 1), age) for age, most in _UP_TO.items()]
    query = select(
        *(issued.id, issued.badge_id, issued.state, silent.label("silent")),
        case((waits, case(*ages, else_=Age.OVER_30.value))).label("age"),
    )
    query = query.where(*_there(), issued.id.not_in(replaced_ids()), *_where(narrowed, now))
    return query.subquery()


def measures(each: Subquery) -> list[ColumnElement[int]]:
    """Return what is counted of a group of facts, by name."""
    counted = [
        (each.c.silent == 0, "told"),
        *((each.c.state == state, state.value) for state in CredlyState),
        *((each.c.age == age.value, age.value) for age in Age),
    ]
    sums = [func.count().filter(what).label(name) for what, name in counted]
    return [func.count().label("issued"), *sums]


def totals(narrowed: Narrowed, now: datetime) -> dict[str, int]:
    """Return the whole funnel in one statement."""
    return dict(db.session.execute(select(*measures(facts(narrowed, now)))).mappings().one())


def are_many(most: int) -> bool:
    """Whether more badges than that are at Credly."""
    there = select(IssuedBadge.id).where(*_there())
    return count(there, most).more


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


def list_pending(narrowed: Narrowed, now: datetime, place: Place = START) -> Slice:
    """Return a page of those who have not accepted yet, the longest waiting first."""
    load = select(IssuedBadge).options(
        joinedload(IssuedBadge.learner), joinedload(IssuedBadge.badge).joinedload(Badge.template)
    )
    ids, common = _pending(narrowed, now), None
    if narrowed.q:
        # Each asked as it comes along the list: of EXISTS PostgreSQL would make a join of all.
        asked = select(names_person(narrowed.q)).where(Person.id == IssuedBadge.learner_id)
        common = _pending(replace(narrowed, q=""), now).where(asked.scalar_subquery())
    return slice_of(ids, load, _LONGEST_FIRST, place, common=common)


def every_pending(narrowed: Narrowed, now: datetime) -> Iterator[Any]:
    """Yield all of them, a bounded number at a time."""
    full_name = case(
        (Person.erased_at.is_(None), Person.first_name + " " + Person.last_name), else_="–"
    )
    query = (
        _pending(narrowed, now)
        .add_columns(IssuedBadge.came_at.label("at"), IssuedBadge.reminders)
        .add_columns(_NAME.label("badge"), full_name.label("name"))
        .add_columns(Person.known_email.label("email"))
        .join(Person, Person.id == IssuedBadge.learner_id)
        .join(Badge, Badge.id == IssuedBadge.badge_id)
        .outerjoin(Template, Template.id == Badge.template_id)
        .order_by(IssuedBadge.id)
        .limit(_PIECE)
    )
    last = 0
    while True:
        rows = db.session.execute(query.where(IssuedBadge.id > last)).mappings().all()
        yield from rows
        if len(rows) < _PIECE:
            return
        last = rows[-1]["id"]


def _there() -> tuple[ColumnElement[bool], ...]:
    """The conditions that it is at Credly, where everything has a state: one index holds those."""
    return IssuedBadge.state.is_not(None), IssuedBadge.gone_at.is_(None)


def _where(narrowed: Narrowed, now: datetime) -> list[ColumnElement[bool]]:
    since = now - timedelta(days=narrowed.days)
    where = [IssuedBadge.came_at >= since] if narrowed.days else []
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


def _pending(narrowed: Narrowed, now: datetime) -> Select:
    """The query of the ids of those who have not accepted."""
    query = select(IssuedBadge.id).where(
        *waits_at_credly(), IssuedBadge.id.not_in(replaced_ids()), *_where(narrowed, now)
    )
    if narrowed.age is not None:
        query = query.where(*_of_age(narrowed.age, now))
    if narrowed.q:
        named = select(Person.id).where(names_person(narrowed.q))
        query = query.where(IssuedBadge.learner_id.in_(named))
    return query


def _of_age(age: Age, now: datetime) -> Iterator[ColumnElement[bool]]:
    """The bounds of an age, as the index has them: from how long ago, and until when."""
    ages = list(Age)
    if age in _UP_TO:
        yield IssuedBadge.came_at > now - timedelta(days=_UP_TO[age] + 1)
    if ages.index(age):
        younger = ages[ages.index(age) - 1]
        yield IssuedBadge.came_at <= now - timedelta(days=_UP_TO[younger] + 1)


_NAME = func.coalesce(func.nullif(Badge.own_name, ""), Template.name, "")


def _by_badge(narrowed: Narrowed, order: str, now: datetime) -> Select:
    each = facts(narrowed, now)
    counted = select(each.c.badge_id, *measures(each)).group_by(each.c.badge_id).subquery()
    numbers = list(counted.c)[1:]
    return (
        select(counted.c.badge_id, _NAME.label("name"), *numbers)
        .join(Badge, Badge.id == counted.c.badge_id)
        .outerjoin(Template, Template.id == Badge.template_id)
        .order_by(*sorted_by(order, _NAME, numbers), counted.c.badge_id)
    )
