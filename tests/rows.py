"""Rows for every table there is, whatever its columns are: for schemas old and new."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Connection, MetaData, Table, Text, cast, func, insert, select, update
from sqlalchemy.types import Boolean, DateTime, Float, Integer

MANY = 3
MOMENT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
# What a rule of the table asks for.
RULES: dict[str, dict[str, Any]] = {"award": {"skill_level_id": None}, "skill_level": {"level": 2}}
# Nothing, the JSON word for it, and something.
DOCUMENTS = (None, JSON.NULL, {"name": "Åsa", "parts": [1, 2.5, True, None]})


def fill(connection: Connection) -> None:
    """Put rows into every table, with a value in every column that may have one."""
    for table in tables_of(connection):
        connection.execute(insert(table), [_row(table, number) for number in range(1, MANY + 1)])
    for table in tables_of(connection):
        for column in _pointing_inward(table):
            # Each row names the one behind it, so that no order of copying is right by chance.
            later = update(table).where(table.c.id < MANY)
            connection.execute(later.values({column.name: table.c.id + 1}))


@contextmanager
def audit_unlocked(connection: Connection) -> Iterator[None]:
    """Let the audit be written over inside, which its triggers refuse everybody else."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        return
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    triggers = connection.exec_driver_sql(query).all()
    for name, _sql in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


def everything(connection: Connection) -> dict[str, list[tuple]]:
    """Every row of every table, comparable between databases of different kinds."""
    return {table.name: list(_rows(connection, table)) for table in tables_of(connection)}


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they are there, parents first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def count(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table))
        for table in tables_of(connection)
    }


def _rows(connection: Connection, table: Table) -> Iterator[tuple]:
    columns = [cast(one, Text) if isinstance(one.type, JSON) else one for one in table.columns]
    for row in connection.execute(select(*columns).order_by(*table.primary_key)):
        yield tuple(one.replace(tzinfo=None) if isinstance(one, datetime) else one for one in row)


def _row(table: Table, number: int) -> dict[str, Any]:
    values = {column.name: _value(table, column, number) for column in table.columns}
    return {**values, **RULES.get(table.name, {})}


def _value(table: Table, column: Any, number: int) -> Any:
    if column in _pointing_inward(table):
        return None
    if isinstance(column.type, Boolean):
        return bool(number % 2)
    if isinstance(column.type, Integer):
        return number
    if isinstance(column.type, Float):
        return number + 0.125
    if isinstance(column.type, DateTime):
        return MOMENT + timedelta(days=number)
    if isinstance(column.type, JSON):
        return DOCUMENTS[number % 3] if column.nullable else DOCUMENTS[2]
    return f"{number} Å'\"\\%"[: column.type.length]


def _pointing_inward(table: Table) -> list[Any]:
    keys = [key for key in table.foreign_keys if key.column.table is table]
    return [key.parent for key in keys]
