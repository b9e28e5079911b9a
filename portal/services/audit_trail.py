"""Reading what the audit holds: found by person, kind of action, subject and period."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, true, tuple_, union
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import (
    ApiToken,
    AuditEntry,
    Badge,
    Connection,
    Group,
    LearningObject,
    Person,
    Skill,
    Template,
)
from portal.models.columns import Moment
from portal.services.mentions import names_person

PER_PAGE = 50
MOST_COUNTED = 1000
MOST_PEOPLE = 10
_PIECE = 500
_PLACE = tuple_(AuditEntry.at, AuditEntry.id)
_OF_TEMPLATE = select(Template.name).where(Template.id == Badge.template_id).scalar_subquery()
# Subjects that have a name, and may be gone.
NAMES = {
    "connection": (Connection.id, Connection.name),
    "badge": (Badge.id, func.coalesce(Badge.own_name, _OF_TEMPLATE, Badge.external_badge_id)),
    "skill": (Skill.id, Skill.name),
    "person_group": (Group.id, Group.name),
    "api_token": (ApiToken.id, ApiToken.name),
    **dict.fromkeys(
        ("course", "learning_path", "certification"), (LearningObject.id, LearningObject.title)
    ),
}


@dataclass(frozen=True)
class Wanted:
    """What is looked for. `people` are those who did it or to whom it was done; None is anybody."""

    people: tuple[int, ...] | None = None
    actions: tuple[str, ...] = ()
    subject: str = ""
    subject_id: int = 0
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Listing:
    """One page, newest first. `total` is counted no further than MOST_COUNTED + 1."""

    rows: Sequence[AuditEntry]
    total: int
    newer: bool
    older: bool


def people_named(q: str) -> tuple[int, ...]:
    """Return the first few people whose name or address contains these words."""
    query = select(Person.id).where(names_person(q))
    return tuple(db.session.scalars(query.order_by(Person.id).limit(MOST_PEOPLE)))


def list_for_admin(wanted: Wanted, *, before: int = 0, after: int = 0) -> Listing:
    """Return the page behind the entry `before`, or ahead of the entry `after`; else the newest."""
    place = db.session.get(AuditEntry, before or after) if before or after else None
    ahead = bool(place and after and not before)
    found = _entries(_found(wanted, place, ahead, PER_PAGE + 1), ahead)
    rows = list(found[:PER_PAGE])
    more = len(found) > PER_PAGE
    if ahead:
        rows.reverse()
    counted = select(func.count()).select_from(
        _found(wanted, None, False, MOST_COUNTED + 1).subquery()
    )
    return Listing(
        rows=rows,
        total=db.session.scalar(counted) or 0,
        newer=more if ahead else place is not None,
        older=ahead or more,
    )


def every(wanted: Wanted) -> Iterator[Any]:
    """Yield all that is found as plain rows, newest first, a bounded number at a time."""
    place = None
    while True:
        ids = _found(wanted, place, False, _PIECE)
        query = select(AuditEntry.__table__).where(AuditEntry.id.in_(select(ids.subquery().c.id)))
        rows = db.session.execute(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())).all()
        yield from rows
        if len(rows) < _PIECE:
            return
        place = rows[-1]


def names_of(rows: Sequence[AuditEntry]) -> dict[tuple[str, int], str]:
    """Return what the subjects that have names are called, and the badges that are told of."""
    subjects = {(one.subject, one.subject_id) for one in rows if one.subject}
    badges = {("badge", one.details[name]) for one in rows for name in badges_told(one)}
    return names_for(subjects | badges)


def badges_told(entry: AuditEntry) -> list[str]:
    """Return which details of an entry are the id of a badge."""
    told = entry.details or {}
    names = ("before", "after") if entry.action == "learning_object.badge" else ("badge_id",)
    return [name for name in names if told.get(name)]


def names_for(subjects: Collection[tuple[str, int | None]]) -> dict[tuple[str, int], str]:
    """Return what these subjects are called, with one question for each kind that has names."""
    names: dict[tuple[str, int], str] = {}
    for kind, (key, name) in NAMES.items():
        ids = {number for what, number in subjects if what == kind}
        if ids:
            found = db.session.execute(select(key, name).where(key.in_(ids)))
            names |= {(kind, number): text for number, text in found}
    return names


def _entries(ids: Select, ahead: bool) -> Sequence[AuditEntry]:
    there = ids.subquery()
    query = select(AuditEntry).join(there, AuditEntry.id == there.c.id)
    people = (
        joinedload(AuditEntry.actor).lazyload(Person.role_rows),
        joinedload(AuditEntry.person).lazyload(Person.role_rows),
    )
    return db.session.scalars(query.options(*people).order_by(*_order(ahead))).all()


def _found(wanted: Wanted, place: Any, ahead: bool, limit: int) -> Select:
    """The query of ids: one walk along an index for each way in, and no further than needed."""
    one_by_one = [_walk(wanted, way, place, ahead, limit) for way in _ways(wanted.people)]
    if len(one_by_one) == 1:
        return one_by_one[0]
    both = union(*(select(one.subquery()) for one in one_by_one)).subquery()
    order = (both.c.at, both.c.id) if ahead else (both.c.at.desc(), both.c.id.desc())
    return select(both.c.id, both.c.at).order_by(*order).limit(limit)


def _walk(wanted: Wanted, way: ColumnElement[bool], place: Any, ahead: bool, limit: int) -> Select:
    query = select(AuditEntry.id, AuditEntry.at).where(way)
    if wanted.actions:
        query = query.where(AuditEntry.action.in_(wanted.actions))
    if wanted.subject:
        query = query.where(AuditEntry.subject == wanted.subject)
    if wanted.subject_id:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.since:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until:
        query = query.where(AuditEntry.at <= wanted.until)
    if place is not None:
        here = tuple_(literal(place.at, Moment), literal(place.id))
        query = query.where(here < _PLACE if ahead else here > _PLACE)
    return query.order_by(*_order(ahead)).limit(limit)


def _ways(people: tuple[int, ...] | None) -> list[ColumnElement[bool]]:
    if people is None:
        return [true()]
    if not people:
        return [AuditEntry.id == 0]
    columns = (AuditEntry.actor_id, AuditEntry.person_id)
    return [column == one for one in people for column in columns]


def _order(ahead: bool) -> tuple[Any, Any]:
    if ahead:
        return AuditEntry.at.asc(), AuditEntry.id.asc()
    return AuditEntry.at.desc(), AuditEntry.id.desc()
