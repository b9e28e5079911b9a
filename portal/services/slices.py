"""A page of a long list, found by the row it begins behind: as quick at the end as at the start.

`paging` counts pages and skips rows, which is fine for lists that stay short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_

from portal.extensions import db
from portal.services.paging import PER_PAGE

MOST = 10_000  # rows that are counted; beyond it a list says that there are more
MOST_FOUND = 1_000  # the same of a search, whose rows have to be looked at one by one
REACH = 5_000  # so far from where a page begins its rows are looked for one by one


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind a row, or ends: ahead of a row, or with the list."""

    after: int | None = None
    before: int | None = None
    at_end: bool = False

    @property
    def anchor(self) -> int | None:
        """The row that it is said by."""
        return self.before if self.after is None else self.after

    @property
    def backwards(self) -> bool:
        """Whether the page is looked for from its end."""
        return self.at_end or self.before is not None


START, END = Place(), Place(at_end=True)


@dataclass(frozen=True)
class Count:
    """How many there are, counted up to a bound; `more` says that there are more."""

    total: int
    more: bool = False

    def is_above(self, number: int) -> bool:
        """Whether there are surely more than that."""
        return self.total + self.more > number


@dataclass(frozen=True)
class Slice(Count):
    """The rows of one page, the count of the whole list, and where the pages beside it are."""

    rows: Sequence[Any] = ()
    previous: Place | None = None
    next: Place | None = None


@dataclass(frozen=True)
class Order:
    """What a list is sorted by, the id last; all of it rising, or all of it falling.

    None of it is NULL in a row of the list: NULL is neither ahead of another value nor behind it.
    `source` is the join that the columns come from when they stand in several tables.
    """

    columns: tuple[Any, ...]
    falling: bool = False
    source: Any = None

    @property
    def key(self) -> Any:
        """The column by which a row is found."""
        return self.columns[-1]

    def by(self, backwards: bool) -> list[ColumnElement]:
        """Return what to sort by; backwards for a page that is looked for from its end."""
        return [one.desc() if self.falling != backwards else one.asc() for one in self.columns]

    def beyond(self, row_id: int, backwards: bool) -> ColumnElement[bool] | None:
        """Return the condition of the rows beyond this one; None when it went away."""
        values: Any = (row_id,)
        if len(self.columns) > 1:
            query = select(*self.columns).where(self.key == row_id)
            query = query if self.source is None else query.select_from(self.source)
            values = db.session.execute(query).first()
        if values is None:
            return None
        here = tuple_(*self.columns)
        pairs = zip(values, self.columns, strict=True)
        there = tuple_(*(literal(one, column.type) for one, column in pairs))
        return here < there if self.falling != backwards else here > there


def slice_of(
    ids: Select,
    load: Select,
    order: Order,
    place: Place,
    *,
    common: Select | None = None,
    some: Select | None = None,
    most: int | None = None,
    per_page: int = PER_PAGE,
) -> Slice:
    """Return one page of the rows whose ids `ids` finds, as `load` brings them.

    Asks for ids first, without the tables that only the page's own rows need. `common` finds the
    same ids row by row along the list: when many match it is tried first, for `ids` gathers them
    all and sorts them. `some` finds a part of them sooner: when that is many already, the others
    are not counted. `most` is how far is counted then.
    """
    found = None if common is None else _found(ids, some, most or MOST_FOUND)
    walked = common if found is not None and found.is_above(MOST_FOUND) else None
    at_hand, further, place = _look(ids, walked, order, place, per_page)
    rows = db.session.scalars(load.where(order.key.in_(at_hand))).unique().all() if at_hand else []
    at = {row_id: position for position, row_id in enumerate(at_hand)}
    if found is None:
        # A first page that is the whole list needs no counting: what is rare is looked for once.
        found = Count(len(at_hand)) if place == START and not further else count(ids)
    earlier = further if place.backwards else place.after is not None
    later = place.before is not None if place.backwards else further
    return Slice(
        total=found.total,
        more=found.more,
        rows=sorted(rows, key=lambda row: at[getattr(row, order.key.key)]),
        previous=Place(before=at_hand[0]) if at_hand and earlier else None,
        next=Place(after=at_hand[-1]) if at_hand and later else None,
    )


def count(ids: Select, most: int | None = None) -> Count:
    """Count what the query finds, no further than `most`."""
    most = MOST if most is None else most
    some = ids.order_by(None).limit(most + 1).subquery()
    number = db.session.scalar(select(func.count()).select_from(some)) or 0
    return Count(min(number, most), number > most)


def _found(ids: Select, some: Select | None, most: int) -> Count:
    found = None if some is None else count(some, most)
    return found if found is not None and found.more else count(ids, most)


def _look(
    ids: Select, common: Select | None, order: Order, place: Place, per_page: int
) -> tuple[list[int], bool, Place]:
    """Return the ids of the page, whether there are more that way, and where it really begins."""
    anchor, backwards = place.anchor, place.backwards
    beyond = order.beyond(anchor, backwards) if anchor is not None else None
    if anchor is not None and beyond is None:
        return _look(ids, common, order, START, per_page)  # the row went away
    found = None if common is None else _walk(common, order, place, per_page)
    if found is None:
        query = ids if beyond is None else ids.where(beyond)
        found = _some(query.order_by(*order.by(backwards)), per_page)
    further = len(found) > per_page
    if anchor is not None and (not found or backwards and not further):
        return _look(ids, common, order, START, per_page)  # a whole first page, never an empty one
    found = found[:per_page]
    if backwards:
        found.reverse()
    return found, further, place


def _walk(common: Select, order: Order, place: Place, per_page: int) -> list[int] | None:
    """Look for the page row by row; None when the nearest rows do not fill it."""
    query = common.order_by(*order.by(place.backwards))
    beyond = order.beyond(place.anchor, place.backwards) if place.anchor is not None else None
    if len(order.columns) > 1:
        return _some(query if beyond is None else query.where(beyond), per_page)
    found = _some(query.where(_near(order, place)), per_page)
    return found if len(found) > per_page else None


def _near(order: Order, place: Place) -> ColumnElement[bool]:
    """Return the condition of the rows that lie near, beyond the place, in a list sorted by id."""
    key, rising = order.key, order.falling == place.backwards
    start = place.anchor
    if start is None:
        edge = func.min(key) if rising else func.max(key)
        start = (db.session.scalar(select(edge)) or 0) + (-1 if rising else 1)
    return key.between(*((start + 1, start + REACH) if rising else (start - REACH, start - 1)))


def _some(query: Select, per_page: int) -> list[int]:
    return list(db.session.scalars(query.limit(per_page + 1)))
