"""What learners find and what they are on, read as plain values for the cards of their pages.

As `portal.services.issuing.shown` does, and for its reasons.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select

from portal.extensions import db
from portal.models import (
    OPEN_ENROLMENTS,
    Award,
    AwardState,
    Enrolment,
    EnrolmentState,
    Kind,
    LearningObject,
    ObjectState,
    Person,
)
from portal.services.issuing.shown import BADGE, TEMPLATE, ShownBadge, badge_columns, with_pictures
from portal.services.issuing.wallet import Order, Wanted, by_name, named_like
from portal.services.paging import Page, literally, plain_page

MOST_BEGUN = 50
PER_PAGE = 24  # fills rows of two, three and four cards


class ShownObject(NamedTuple):
    """A learning object with the badge that it leads to."""

    id: int
    kind: Kind
    title: str
    description: str
    badge: ShownBadge | None


class ShownEnrolment(NamedTuple):
    """How far the reader is with it."""

    state: EnrolmentState
    success: bool | None
    completed_at: datetime | None
    expires_at: datetime | None
    renews: bool

    @property
    def done(self) -> bool:
        """Whether this attempt is over with a completion."""
        return self.completed_at is not None


class ObjectCard(NamedTuple):
    """A card: what it is about, how far the reader is, and whether its badge is theirs."""

    about: ShownObject
    enrolment: ShownEnrolment | None
    earned: bool = False


_OBJECT, _ENROLMENT, _AWARD = LearningObject.__table__, Enrolment.__table__, Award.__table__
_WITH_BADGE = _OBJECT.outerjoin(BADGE, BADGE.c.id == _OBJECT.c.badge_id).outerjoin(
    TEMPLATE, TEMPLATE.c.id == BADGE.c.template_id
)
_OF_OBJECT = [_OBJECT.c[name] for name in ShownObject._fields[:4]]
_OF_ENROLMENT = [_ENROLMENT.c[name] for name in ShownEnrolment._fields]
_COLUMNS = (*_OF_OBJECT, *badge_columns(), *_OF_ENROLMENT)
_NEWEST_FIRST = (_ENROLMENT.c.enrolled_at.desc(), _ENROLMENT.c.id.desc())


def catalogue(learner: Person, q: str, kind: str, page: int) -> Page:
    """Return a page of what is published, by title, as cards."""
    values = {"learner_id": learner.id} | ({"kind": kind} if kind else {})
    values |= {"pattern": literally(q)} if q else {}
    flags = bool(q), bool(kind)

    def fetch(most: int, skipped: int) -> list[ObjectCard]:
        return _cards(_catalogue(*flags), values | {"most": most, "skipped": skipped})

    return plain_page(
        fetch, lambda: db.session.scalar(_how_many(*flags), values), page, per_page=PER_PAGE
    )


def in_progress(learner: Person) -> Sequence[ObjectCard]:
    """Return what the learner has begun and not finished, newest first."""
    return _cards(_BEGUN, {"learner_id": learner.id})


def badges_in_progress(learner: Person, wanted: Wanted, page: int) -> Page:
    """Return a page of what the learner has begun and not finished that leads to a badge."""
    query = _begun_badges(bool(wanted.q), wanted.order)
    values = {"learner_id": learner.id} | ({"pattern": literally(wanted.q)} if wanted.q else {})

    def fetch(most: int, skipped: int) -> list[ObjectCard]:
        return _cards(query, values | {"most": most, "skipped": skipped})

    def count() -> int:
        every = query.limit(None).offset(None).order_by(None)
        return db.session.scalar(select(func.count()).select_from(every.subquery()), values)

    return plain_page(fetch, count, page)


def _cards(query: Select, values: dict[str, object]) -> list[ObjectCard]:
    return [_card(row) for row in db.session.execute(query, values).all()]


def _card(row: Row) -> ObjectCard:
    badge, enrolment = row[4:8], row[8:13]
    about = ShownObject(*row[:4], ShownBadge(*badge) if badge[0] is not None else None)
    mine = ShownEnrolment(*enrolment) if enrolment[0] is not None else None
    return ObjectCard(about, mine, *row[13:])


def _published(with_words: bool, with_kind: bool) -> ColumnElement[bool]:
    wanted = [_OBJECT.c.state == ObjectState.PUBLISHED]
    if with_kind:
        wanted.append(_OBJECT.c.kind == bindparam("kind"))
    if with_words:
        pattern = bindparam("pattern")
        where = (_OBJECT.c.title, _OBJECT.c.description)
        wanted.append(or_(*(one.ilike(pattern, escape="\\") for one in where)))
    return and_(*wanted)


@cache
def _how_many(with_words: bool, with_kind: bool) -> Select:
    return select(func.count()).select_from(_OBJECT).where(_published(with_words, with_kind))


@cache
def _catalogue(with_words: bool, with_kind: bool) -> Select:
    """The page is chosen first: what hangs on an object is looked up for those that are shown."""
    order = _OBJECT.c.title, _OBJECT.c.id
    ids = select(_OBJECT.c.id).where(_published(with_words, with_kind)).order_by(*order)
    ids = ids.limit(bindparam("most")).offset(bindparam("skipped")).subquery("chosen")
    learner = bindparam("learner_id")
    mine = _ENROLMENT.alias("mine")
    newest = select(mine.c.id).where(
        mine.c.learner_id == learner,
        mine.c.learning_object_id == _OBJECT.c.id,
        mine.c.state != EnrolmentState.WITHDRAWN,
    )
    newest = newest.order_by(mine.c.attempt.desc()).limit(1).correlate(_OBJECT).scalar_subquery()
    through = select(_AWARD.c.learning_object_id).where(
        _AWARD.c.learner_id == learner,
        _AWARD.c.state == AwardState.EARNED,
        _AWARD.c.learning_object_id.is_not(None),
    )
    joined = with_pictures(_WITH_BADGE).join(ids, ids.c.id == _OBJECT.c.id)
    joined = joined.outerjoin(_ENROLMENT, _ENROLMENT.c.id == newest)
    columns = (*_COLUMNS, _OBJECT.c.id.in_(through))
    return select(*columns).select_from(joined).order_by(*order)


def _begun() -> Select:
    joined = with_pictures(_WITH_BADGE)
    joined = joined.join(_ENROLMENT, _ENROLMENT.c.learning_object_id == _OBJECT.c.id)
    mine = _ENROLMENT.c.learner_id == bindparam("learner_id")
    return select(*_COLUMNS).select_from(joined).where(mine)


_BEGUN = (
    _begun()
    .where(_ENROLMENT.c.completed_at.is_(None), _ENROLMENT.c.state != EnrolmentState.WITHDRAWN)
    .order_by(*_NEWEST_FIRST)
    .limit(MOST_BEGUN)
)


@cache
def _begun_badges(with_words: bool, order: Order) -> Select:
    query = _begun().where(BADGE.c.id.is_not(None), _ENROLMENT.c.state.in_(OPEN_ENROLMENTS))
    query = query.order_by(*by_name(order), *_NEWEST_FIRST)
    query = query.limit(bindparam("most")).offset(bindparam("skipped"))
    return query.where(named_like()) if with_words else query
