"""Moving: every row of a SQLite portal to an empty database elsewhere, counted; or none of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    URL,
    Connection,
    Enum,
    String,
    Table,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    table,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeEngine

from portal.extensions import db, reading
from portal.schema import make_schema, one_at_a_time, require_current_schema

CHUNK = 1000


class CannotMove(Exception):
    """The rows cannot be moved, and nothing was. The text is one sentence."""


@dataclass(frozen=True)
class Moved:
    """How many rows of a table are now in the other database, too."""

    name: str
    rows: int


def move(address: str, instance: Path) -> list[Moved]:
    """Copy this portal to the empty database at `address`. Raises CannotMove and SchemaTrouble.

    The copy is one transaction there: whole, or not begun. SQLite tells whether anybody else has
    our database open, be it a portal, a worker or a console; that is refused, and nobody can open
    it until the copy is done.
    """
    ours, there = db.engine.url, _address(address, instance)
    if db.engine.dialect.name != "sqlite" or not Path(ours.database or "").is_file():
        raise CannotMove("This portal has no SQLite database to move: check DATABASE_URL.")
    with one_at_a_time(instance), reading(False):
        require_current_schema()
        db.session.remove()
        db.engine.dispose()  # our own connections would count as somebody else's
        with _alone(ours) as source, _begun(there) as target:
            return copy_all(source, target)


def _address(address: str, instance: Path) -> URL:
    """Read the address as DATABASE_URL is read."""
    try:
        url = make_url(address)
    except ArgumentError as exc:
        raise CannotMove("--to is no database address; see DATABASE_URL.") from exc
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        return url.set(database=str(instance / url.database))
    raise CannotMove("--to must begin with postgresql:// or sqlite:/// and name a database.")


@contextmanager
def _alone(url: URL) -> Iterator[Connection]:
    """Open our SQLite database with nobody else in it, and keep everybody out."""
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def _nobody_else(connection, _record) -> None:
        connection.execute("PRAGMA busy_timeout=2000")  # a portal may just be ending
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")

    try:
        connection = engine.connect()
        connection.execute(select(1))
    except DBAPIError as exc:
        raise CannotMove(
            "Somebody has this portal's database open: stop the portal, its workers and"
            " whatever else reads it, then try again."
        ) from exc
    with connection:
        yield connection


@contextmanager
def _begun(url: URL) -> Iterator[Connection]:
    """Begin on the other database, which must be there and hold nothing."""
    try:
        engine = create_engine(url, poolclass=NullPool)
        connection = engine.connect()
    except (ImportError, NoSuchModuleError) as exc:
        raise CannotMove("PostgreSQL needs what requirements-scale.txt installs.") from exc
    except DBAPIError as exc:
        raise CannotMove(
            f"The other database cannot be opened ({type(exc.orig).__name__}): check its address,"
            " that it is running, and that it lets you in."
        ) from exc
    with connection:
        if inspect(connection).get_table_names():
            raise CannotMove("The other database is not empty: make a new one and name that.")
        yield connection
        connection.commit()


def copy_to_file(source: Connection, file: Path) -> None:
    """Copy every row that `source` sees to a new SQLite file. For backups of other databases."""
    with _begun(URL.create("sqlite", database=str(file))) as target:
        copy_all(source, target)


def copy_from_file(file: Path, target: Connection) -> None:
    """Copy every row of a SQLite file to an empty database, inside its open transaction."""
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=NullPool)
    with engine.connect() as source:
        copy_all(source, target)


def copy_all(source: Connection, target: Connection) -> list[Moved]:
    """Make the schema in an empty database and copy every table. Raises CannotMove."""
    make_schema(target)
    moved = []
    for one in db.metadata.sorted_tables:
        try:
            moved.append(_copy(one, source, target))
        except DBAPIError as exc:
            raise CannotMove(
                f"The other database does not take the rows of table {one.name}"
                f" ({type(exc.orig).__name__}); nothing was moved."
            ) from exc
    return moved


def _copy(one: Table, source: Connection, target: Connection) -> Moved:
    """Copy one table, look whether all of it arrived, and let its numbers go on behind it."""
    write, inward = _as_written(one), _pointing_inward(one)
    read = _as_read(one)
    # PostgreSQL would hand JSON out as what it says; it is wanted as it stands there.
    texts = (cast(known, Text) if isinstance(known.type, Text) else known for known in read.columns)
    columns = [known.label(name) for known, name in zip(texts, read.columns.keys(), strict=True)]
    found = source.execute(select(*columns)).mappings()
    for chunk in found.partitions(CHUNK):
        target.execute(insert(write), [_ready(row, one, inward) for row in chunk])
    for name in inward:
        _point(one, name, source, target)
    count = select(func.count()).select_from(write)
    rows = target.scalar(count)
    if rows != source.scalar(count):
        raise CannotMove(f"Table {one.name} did not arrive whole; nothing was moved.")
    _go_on_counting(one, target)
    return Moved(one.name, rows)


def _as_read(one: Table) -> TableClause:
    """The table with plain words and JSON as it stands there, which tells null from nothing."""
    return _with_types(one, {JSON: Text(), Enum: String()})


def _as_written(one: Table) -> TableClause:
    return _with_types(one, {JSON: JSON(none_as_null=True), Enum: String()})


def _with_types(one: Table, types: Mapping[type, TypeEngine]) -> TableClause:
    def of(kind: TypeEngine) -> TypeEngine:
        return next((new for old, new in types.items() if isinstance(kind, old)), kind)

    return table(one.name, *(column(known.name, of(known.type)) for known in one.columns))


def _pointing_inward(one: Table) -> list[str]:
    """The columns that name a row of the same table, which may come later than their own."""
    return [
        known.name
        for known in one.columns
        if any(key.column.table is one for key in known.foreign_keys)
    ]


def _ready(row: Mapping[str, Any], one: Table, inward: Sequence[str]) -> dict[str, Any]:
    """Return what is written for a row; what points inward comes after all rows are there."""
    values = {**row, **dict.fromkeys(inward)}
    for known in one.columns:
        if isinstance(known.type, JSON) and values[known.name] is not None:
            value = json.loads(values[known.name])
            values[known.name] = JSON.NULL if value is None else value
    return values


def _point(one: Table, name: str, source: Connection, target: Connection) -> None:
    read = _as_read(one)
    pairs = select(read.c.id.label("of"), read.c[name].label("to")).where(read.c[name].is_not(None))
    change = update(read).where(read.c.id == bindparam("of")).values({name: bindparam("to")})
    for chunk in source.execute(pairs).mappings().partitions(CHUNK):
        target.execute(change, [dict(pair) for pair in chunk])


def _go_on_counting(one: Table, target: Connection) -> None:
    """Give new rows the numbers behind the copied ones, which SQLite does by itself."""
    key = one.autoincrement_column
    if key is None or target.dialect.name != "postgresql":
        return
    highest = func.max(column(key.name))
    sequence = func.pg_get_serial_sequence(one.name, key.name)
    target.execute(
        select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))).select_from(
            table(one.name)
        )
    )
