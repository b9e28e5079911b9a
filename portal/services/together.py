"""A guarded write and what is true only with it: one statement for PostgreSQL, several for SQLite.

Each way to a server and back costs more than most statements do there; SQLite is no way at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    func,
    insert,
    select,
    update,
)

from portal.extensions import db

Shape = tuple[Table, bool, tuple[str, ...]]


@dataclass(frozen=True)
class Write:
    """A new row of a table, or with `row_id` some columns of one that is there."""

    table: Table
    values: Mapping[str, Any]
    row_id: int | None = None

    @property
    def shape(self) -> Shape:
        """What its statement depends on."""
        return self.table, self.row_id is None, tuple(self.values)


def write_all(writes: Sequence[Write]) -> None:
    """Write one after the other. The caller commits."""
    for one in writes:
        row = {} if one.row_id is None else {"row_to_write": one.row_id}
        db.session.execute(_plain(one.table, one.row_id is None), {**one.values, **row})


def write_at_once(mine: Write, owner: str, more: Sequence[Write]) -> bool:
    """Write `mine` if its row is still `owner`'s, and `more` only then; say whether it was.

    For PostgreSQL alone: SQLite writes nothing in a WITH. The caller commits.
    """
    statement = _at_once(mine.shape, shapes_of(more))
    return db.session.execute(statement, values_of(mine, owner, more)).scalar_one() == 1


def shapes_of(writes: Sequence[Write]) -> tuple[Shape, ...]:
    """Return what the statement of these writes depends on."""
    return tuple(one.shape for one in writes)


def values_of(mine: Write, owner: str, more: Sequence[Write]) -> dict[str, Any]:
    """Return the values for the names in the parts of such a statement."""
    named = {f"mine_{name}": value for name, value in mine.values.items()}
    for number, one in enumerate(more):
        named |= {f"more_{number}_{name}": value for name, value in one.values.items()}
        if one.row_id is not None:
            named[f"row_{number}"] = one.row_id
    return named | {"claimed_row": mine.row_id, "claimed_by": owner}


@cache
def parts_of(mine: Shape, more: tuple[Shape, ...]) -> tuple[CTE, tuple[CTE, ...]]:
    """Return the guarded write, which returns its row if it was made, and what depends on it."""
    table, _new, names = mine
    guarded = (
        update(table)
        .where(table.c.id == bindparam("claimed_row"), table.c.owner == bindparam("claimed_by"))
        .values(_named(table, names, "mine_"))
        .returning(table.c.id)
        .cte("mine")
    )
    return guarded, tuple(_dependent(guarded, number, shape) for number, shape in enumerate(more))


@cache
def _plain(table: Table, is_new: bool) -> Insert | Update:
    if is_new:
        return insert(table).inline()
    return update(table).where(table.c.id == bindparam("row_to_write"))


@cache
def _at_once(mine: Shape, more: tuple[Shape, ...]) -> Select:
    """Put the statement together, once for each shape: that takes longer than running it."""
    guarded, dependent = parts_of(mine, more)
    return select(func.count()).select_from(guarded).add_cte(*dependent)


def _dependent(guarded: CTE, number: int, shape: Shape) -> CTE:
    table, is_new, names = shape
    values = _named(table, names, f"more_{number}_")
    still_mine = select(guarded.c.id).exists()
    if is_new:
        row = select(*values.values()).where(still_mine)
        return insert(table).from_select(list(values), row).cte(f"more_{number}")
    here = table.c.id == bindparam(f"row_{number}")
    return update(table).where(here, still_mine).values(values).cte(f"more_{number}")


def _named(table: Table, names: tuple[str, ...], before: str) -> dict[str, ColumnElement[Any]]:
    return {name: bindparam(before + name, type_=table.c[name].type) for name in names}
