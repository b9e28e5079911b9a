"""Taking due rows: one statement that only one worker can win, for every box of work."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from portal.extensions import db


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
    picked = (
        select(box.id)
        .where(ready)
        .order_by(box.due, box.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("picked")
    )
    taken = db.session.execute(
        update(box)
        .where(box.id.in_(select(picked.c.id)), ready)
        .values(**values)
        .returning(box.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(taken.scalars())


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
        db.session.rollback()
        return None
    db.session.rollback()
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
    # By the plain table: with mapped attributes the ORM takes thrice as long to put it together.
    columns = box.__table__.c
    done = db.session.execute(
        update(box.__table__)
        .where(columns.id == row_id, columns.owner == claimed_by, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1
