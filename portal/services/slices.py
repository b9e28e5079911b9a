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


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind a row, or ends: ahead of a row, or with the list."""

    after: int | None = None
    before: int | None = None
    at_end: bool = False

    @property
    def backwards(self) -> bool:
        """Whether the page is looked for from its end."""
        return self.at_end or self.before is not None


START, END = Place(), Place(at_end=True)


@dataclass(frozen=True)
class Slice:
    """The rows of one page. `total` is at most MOST; `more` says that there are more."""

    rows: Sequence[Any]
    total: int
    more: bool
    previous: Place | None
    next: Place | None


@dataclass(frozen=True)
class Order:
    """What a list is sorted by, the id last; all of it rising, or all of it falling."""

    columns: tuple[Any, ...]
    falling: bool = False

    def by(self, backwards: bool) -> list[ColumnElement]:
        """Return what to sort by; backwards for a page that is looked for from its end."""
        return [one.desc() if self.falling != backwards else one.asc() for one in self.columns]

    def beyond(self, row_id: int, backwards: bool) -> ColumnElement[bool] | None:
        """Return the condition of the rows beyond this one; None when it went away."""
        key = self.columns[-1]
        values: Any = (row_id,)
        if len(self.columns) > 1:
            values = db.session.execute(select(*self.columns).where(key == row_id)).first()
        if values is None:
            return None
        here = tuple_(*self.columns)
        there = tuple_(*(literal(one) for one in values))
        return here < there if self.falling != backwards else here > there


def slice_of(
    ids: Select, load: Select, order: Order, place: Place, *, per_page: int = PER_PAGE
) -> Slice:
    """Return one page of the rows whose ids `ids` finds, as `load` brings them.

    Asks for ids first, without the tables that only the page's own rows need.
    """
    found, further, place = _look(ids, order, place, per_page)
    key = order.columns[-1]
    rows = db.session.scalars(load.where(key.in_(found))).unique().all() if found else []
    at = {row_id: position for position, row_id in enumerate(found)}
    # A first page that is the whole list needs no counting: what is rare is looked for once.
    total = len(found) if place == START and not further else _count(ids)
    earlier = further if place.backwards else place.after is not None
    later = place.before is not None if place.backwards else further
    return Slice(
        rows=sorted(rows, key=lambda row: at[row.id]),
        total=min(total, MOST),
        more=total > MOST,
        previous=Place(before=found[0]) if found and earlier else None,
        next=Place(after=found[-1]) if found and later else None,
    )


def _look(ids: Select, order: Order, place: Place, per_page: int) -> tuple[list[int], bool, Place]:
    """Return the ids of the page, whether there are more that way, and where it really begins."""
    anchor = place.after if place.after is not None else place.before
    beyond = order.beyond(anchor, place.backwards) if anchor is not None else None
    query = ids if beyond is None else ids.where(beyond)
    if anchor is not None and beyond is None:
        place = START
    query = query.order_by(*order.by(place.backwards)).limit(per_page + 1)
    found = list(db.session.scalars(query))
    further = len(found) > per_page
    if anchor is not None and place != START and (not found or place.backwards and not further):
        return _look(ids, order, START, per_page)  # a whole first page, and never an empty one
    found = found[:per_page]
    if place.backwards:
        found.reverse()
    return found, further, place


def _count(ids: Select) -> int:
    some = ids.order_by(None).limit(MOST + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0
