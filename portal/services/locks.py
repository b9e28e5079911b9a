"""The locks of rows, above all of a learner's: what is decided about one is decided in turn.

Whoever takes a learner's takes it before anything else of theirs is read or written, for all
learners of the transaction at once; so no two transactions ever wait for each other.
"""

from collections.abc import Collection

from sqlalchemy import bindparam, select

from portal.extensions import db
from portal.models import Badge, Person

PIECE = 10_000  # a statement takes 32,767 values on SQLite, 65,535 on PostgreSQL
_PERSON = Person.__table__
# FOR NO KEY UPDATE: rows that only name the person, such as what they are told, go in meanwhile.
_LOCK = (
    select(_PERSON.c.id)
    .where(_PERSON.c.id.in_(bindparam("learner_ids", expanding=True)))
    .order_by(_PERSON.c.id)
    .with_for_update(key_share=True)
)


def lock(learner: Person) -> None:
    """Lock the learner's row: two last courses at once must see each other."""
    lock_all([learner.id])


def lock_all(learner_ids: Collection[int]) -> None:
    """Lock the rows of many learners, in one order everywhere, so that two never wait for each
    other.

    Who writes to SQLite is alone from the beginning of the transaction: there is nothing to lock.
    """
    if db.engine.dialect.name == "sqlite":
        return
    in_order = sorted(set(learner_ids))
    for first in range(0, len(in_order), PIECE):
        db.session.execute(_LOCK, {"learner_ids": in_order[first : first + PIECE]})


def lock_badge(badge: Badge) -> None:
    """Lock a badge's row: two who begin the same with it see each other. It may be awarded
    meanwhile."""
    query = select(Badge.id).where(Badge.id == badge.id)
    db.session.execute(query.with_for_update(key_share=True))
