"""Indexes that hold only some rows of a table."""

from sqlalchemy import Index, MetaData, text


def partial_index(
    name: str, *columns: str, where: str, on_postgresql: str = "", unique: bool = False
) -> Index:
    """Return an index of the rows that meet a condition; PostgreSQL may have to say it otherwise.

    `Index(…, sqlite_where=…, postgresql_where=…)` would load all that SQLAlchemy knows of either
    database, with each start. Only who makes schema changes asks: `give_conditions`.
    """
    conditions = {"sqlite_where": text(where), "postgresql_where": text(on_postgresql or where)}
    return Index(name, *columns, unique=unique, info=conditions)


def give_conditions(metadata: MetaData) -> None:
    """Give each partial index its condition where SQLAlchemy and Alembic look for it."""
    for table in metadata.tables.values():
        for index in table.indexes:
            index.dialect_kwargs.update(index.info)
