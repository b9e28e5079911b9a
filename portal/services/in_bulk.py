"""Many rows that go in, and many values that are looked for, with one statement each.

PostgreSQL takes rows as a COPY, and values as one array: a list of some hundred parameters takes it
and its driver longer to read than to answer, and the plan kept for it compares each value with each
row. SQLite takes both as they are.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Insert,
    Integer,
    String,
    Table,
    any_,
    bindparam,
    func,
    insert,
    select,
    text,
    tuple_,
)
from sqlalchemy.exc import DBAPIError

from portal.extensions import db, plain

_PLANNING = text("SET LOCAL plan_cache_mode = force_custom_plan")
FEW = 10  # rows: a COPY takes a way there and back more than they do


def insert_all(
    table: Table, rows: Sequence[Mapping[str, Any]], connection: Connection | None = None
) -> None:
    """Write new rows, all with the same columns, and ask for nothing back. The caller commits.

    `connection` is for whoever has the session's at hand.
    """
    if not rows:
        return
    connection = connection or plain()
    if connection.dialect.name == "postgresql" and len(rows) > FEW:
        _copy(connection, table, rows)
    else:
        connection.execute(_insert(table), rows)


def plan_for_values() -> None:
    """Let PostgreSQL plan each statement of this transaction for the values that it comes with.

    A plan that is kept was made before tables grew, and knows no array: it compares each of the
    values with each row.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(_PLANNING)


def among(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """Say that a column of numbers or texts has one of these values."""
    if db.engine.dialect.name != "postgresql":
        return column.in_(values)
    return column == any_(_array(column, values))


def pairs_among(first: Any, second: Any, pairs: Collection[tuple[Any, Any]]) -> ColumnElement[bool]:
    """Say that two columns have the values of one of these pairs."""
    both = tuple_(first, second)
    if db.engine.dialect.name != "postgresql":
        return both.in_(pairs)
    left, right = [one for one, _other in pairs], [other for _one, other in pairs]
    each = func.unnest(_array(first, left)), func.unnest(_array(second, right))
    return both.in_(select(*each))


def _array(column: Any, values: Iterable[Any]) -> ColumnElement[Any]:
    # Without the length that the column has: a cast to it would cut off what is longer.
    kind = Integer() if isinstance(column.type, Integer) else String()
    return bindparam(None, list(values), type_=ARRAY(kind, dimensions=1))


@cache  # a completion writes a few rows, and this would be put together for each
def _insert(table: Table) -> Insert:
    return insert(table).inline()


def _copy(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    dialect = connection.dialect
    columns = [one for one in table.c if one.name in rows[0] or one.default is not None]
    prepare = dialect.identifier_preparer
    names = ", ".join(map(prepare.format_column, columns))
    statement = f"COPY {prepare.format_table(table)} ({names}) FROM STDIN"
    values = [_values(one, rows, dialect) for one in columns]
    try:
        with connection.connection.cursor().copy(statement) as copy:
            for row in zip(*values, strict=True):
                copy.write_row(row)
    except dialect.loaded_dbapi.Error as trouble:
        # SQLAlchemy does this for statements that it sends itself.
        if gone := dialect.is_disconnect(trouble, connection.connection, None):
            connection.invalidate(trouble)
        raise DBAPIError.instance(
            statement, None, trouble, dialect.loaded_dbapi.Error, True, gone, dialect
        ) from trouble


def _values(
    column: Column[Any], rows: Sequence[Mapping[str, Any]], dialect: Dialect
) -> Sequence[Any]:
    """Return what goes into a column, row by row, as the driver takes it."""
    default: Any = column.default
    if column.name in rows[0]:
        values = [row[column.name] for row in rows]
    elif default.is_callable:
        values = [default.arg(None) for _row in rows]
    else:
        values = [default.arg] * len(rows)
    as_stored = column.type.dialect_impl(dialect).bind_processor(dialect)
    return list(map(as_stored, values)) if as_stored else values
