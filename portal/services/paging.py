"""One page of a list: a bounded number of rows, with the count and its neighbours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from portal.extensions import db

PER_PAGE = 25
_OF_ALL = "rows_of_all"


@dataclass(frozen=True)
class Page:
    """The rows of one page. `number` counts from 1 and is always one that exists."""

    rows: Sequence[Any]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


def page_of(query: Select, number: int, *, per_page: int = PER_PAGE) -> Page:
    """Run `query` for one page; a number beyond the end gives the last page."""
    number, total = _bounded(query, number, per_page)
    rows = db.session.scalars(query.limit(per_page).offset((number - 1) * per_page)).unique().all()
    return Page(rows, number, total, per_page)


def table_page(query: Select, number: int, *, per_page: int = PER_PAGE) -> Page:
    """Do the same for a query of columns: each row is a mapping by their names.

    Such rows are counted things: they are counted on the way, for to do it twice costs as much.
    """
    query = query.add_columns(func.count().over().label(_OF_ALL))
    number = max(1, number)
    rows = _mappings(query, number, per_page)
    if not rows and number > 1:  # beyond the end
        number, _total = _bounded(query, number, per_page)
        rows = _mappings(query, number, per_page)
    return Page(rows, number, rows[0][_OF_ALL] if rows else 0, per_page)


def _mappings(query: Select, number: int, per_page: int) -> Sequence[Any]:
    found = db.session.execute(query.limit(per_page).offset((number - 1) * per_page))
    return found.mappings().all()


def plain_page(
    fetch: Callable[[int, int], Sequence[Any]],
    count: Callable[[], int],
    number: int,
    *,
    per_page: int = PER_PAGE,
) -> Page:
    """Do the same where `fetch` takes how many rows are wanted, and how many are skipped.

    A first page that holds everything is not counted.
    """
    if number <= 1:
        rows = fetch(per_page + 1, 0)
        total = len(rows) if len(rows) <= per_page else count()
        return Page(rows[:per_page], 1, total, per_page)
    total = count()
    number = min(number, max(1, -(-total // per_page)))
    return Page(fetch(per_page, (number - 1) * per_page), number, total, per_page)


def _bounded(query: Select, number: int, per_page: int) -> tuple[int, int]:
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    return min(max(1, number), max(1, -(-total // per_page))), total


def literally(text: str) -> str:
    """Return a LIKE pattern (escape sign `\\`) that finds `text` as it stands."""
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, "\\" + sign)
    return f"%{text}%"


def holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """The condition that `text` stands in the column, in large letters or small."""
    return column.ilike(literally(text), escape="\\")
