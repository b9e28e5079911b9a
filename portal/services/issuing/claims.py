"""Taking due rows: one statement that only one worker can win, for every box of work."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Table, Update, bindparam, select, update

from portal.extensions import db, end_looking
from portal.services.together import Write, write_all, write_at_once


def new_owner() -> str:
    """Return a name for one claim; nobody else ever has the same."""
    return secrets.token_hex(16)


def take(
    box: Any, *, ready: ColumnElement[bool], values: Mapping[str, Any], limit: int
) -> Sequence[int]:
    """Take up to `limit` rows of `box` that are `ready`, oldest due first; return their ids.

    `values` must make a row no longer ready (a later `due`) and name its owner. Safe for any
    number of workers on SQLite and PostgreSQL. The caller commits.
    """
    return run_taking(taking(box, ready=ready, values=values), limit)


def taking(box: Any, *, ready: ColumnElement[bool], values: Mapping[str, Any]) -> Update:
    """Put the statement of `take` together, for whoever runs it often with `run_taking`."""
    # Over the plain table: with the mapped class the ORM takes thrice as long to run it.
    columns = box.__table__.c
    picked = (
        select(columns.id)
        .where(ready)
        .order_by(columns.due, columns.id)
        .limit(bindparam("room", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    return (
        update(box.__table__)
        .where(columns.id.in_(select(picked.c.id)), ready)
        .values(**values)
        .returning(columns.id)
    )


def run_taking(statement: Update, limit: int, **named: Any) -> Sequence[int]:
    """Run what `taking` put together, with the values of its named parameters; return the ids."""
    return sorted(db.session.execute(statement, {"room": limit, **named}).scalars())


def claim(
    box: Any, *, ready: ColumnElement[bool], values: Mapping[str, Any], limit: int
) -> Sequence[int]:
    """Take rows as `take` does, and commit."""
    ids = take(box, ready=ready, values=values, limit=limit)
    db.session.commit()
    return ids


def anything_ready(box: Any, ready: ColumnElement[bool]) -> bool:
    """Say whether a claim would find something, without waiting for SQLite's writer."""
    return db.session.scalar(select(box.id).where(ready).limit(1)) is not None


def claim_next(
    box: Any, *, states: Sequence[Any], busy: Any, lease: Any, now: datetime
) -> tuple[int, str] | None:
    """Take one due row of a simple box (state, due, owner, tries); return its id and owner."""
    ready = box.state.in_(states) & (box.due <= now)
    if not anything_ready(box, ready):
        end_looking()
        return None
    end_looking()
    owner = new_owner()
    values = {"state": busy, "due": now + lease, "owner": owner, "tries": box.tries + 1}
    ids = claim(box, ready=ready, values=values, limit=1)
    return (ids[0], owner) if ids else None


def still_mine(
    box: Any,
    row_id: int,
    claimed_by: str,
    *conditions: ColumnElement[bool],
    **values: Any,
) -> bool:
    """Change a claimed row if it still is its claimer's; say whether it was. The caller commits."""
    guarded = _write_of(box.__table__)
    if conditions:
        guarded = guarded.where(*conditions)
    counted = {name: one for name, one in values.items() if isinstance(one, ColumnElement)}
    if counted:  # what the database works out itself, such as a count and one more
        guarded = guarded.values(**counted)
    plain = {name: one for name, one in values.items() if name not in counted}
    done = db.session.execute(guarded, {"claimed_row": row_id, "claimed_by": claimed_by, **plain})
    return done.rowcount == 1


def write_if_mine(mine: Write, owner: str, more: Sequence[Write]) -> bool:
    """Change a claimed row if it still is its claimer's, and write `more` with it; say whether.

    The caller commits.
    """
    if db.engine.dialect.name == "postgresql":
        return write_at_once(mine, owner, more)
    there = {"claimed_row": mine.row_id, "claimed_by": owner, **mine.values}
    if db.session.execute(_write_of(mine.table), there).rowcount != 1:
        return False
    write_all(more)
    return True


@cache
def _write_of(table: Table) -> Update:
    """Put together once for each box: to do it for every write took longer than the write."""
    claimed = (table.c.id == bindparam("claimed_row"), table.c.owner == bindparam("claimed_by"))
    return update(table).where(*claimed)
