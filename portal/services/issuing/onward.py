"""A delivery that is done, and the next one for the slot that is free then.

For PostgreSQL the outcome, the claim and the order of the next are one statement, which commits by
itself: each statement, BEGIN and COMMIT are a way there and back, and on a busy machine a worker
waits longer for its turn after each of them than for all that they do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select, true

from portal.extensions import commit_by_itself, db
from portal.models import Delivery
from portal.services.issuing import health
from portal.services.issuing.claims import new_owner, write_if_mine
from portal.services.issuing.dispatch import (
    Claim,
    claim_following,
    taking_following,
    values_to_take,
)
from portal.services.issuing.facts import DeliveryFacts
from portal.services.issuing.orders import Order, around, order_columns, order_of
from portal.services.issuing.patience import DeliveryRules
from portal.services.together import Shape, Write, parts_of, shapes_of, values_of


@dataclass(frozen=True)
class Kept:
    """Whether the row still was its claimer's, so that all was written; what was taken next."""

    is_mine: bool
    following: Claim | None = None


def write_done(
    mine: Write,
    more: Sequence[Write],
    order: Order,
    rules: DeliveryRules,
    *,
    started_at: datetime,
    goes_on: bool,
    now: datetime,
) -> Kept:
    """Write how the delivery of this order went and, if it `goes_on`, take its connection's next.

    Both only if the row is still its claimer's. Commits.
    """
    there = order.connection
    well = there.failing_since is None and rules.just_proven(there.proven_at, now)
    if well:  # nothing is to be written about the connection
        commit_by_itself()
    if well and goes_on and db.engine.dialect.name == "postgresql":
        kept = _write_and_take(mine, more, order, rules, now)
    elif not write_if_mine(mine, order.owner, more):
        kept = Kept(False)
    else:
        health.note_answer(order.connection, started_at, rules, now)
        kept = Kept(True, claim_following(order.connection.id, rules, now) if goes_on else None)
    db.session.commit()
    return kept


def _write_and_take(
    mine: Write, more: Sequence[Write], order: Order, rules: DeliveryRules, now: datetime
) -> Kept:
    owner = new_owner()
    values = values_of(mine, order.owner, more)
    values |= values_to_take(order.connection.id, rules, now, owner)
    statement = _statement(mine.shape, shapes_of(more))
    written, *row = db.session.execute(statement, {"room": 1, **values}).one()
    if row[0] is None:
        return Kept(written == 1)
    following = order_of(row, owner)
    # What is written about this learner in the same statement, it cannot read: the badge that the
    # next one replaces may have come to Credly only now.
    known = following.learner.id != order.learner.id
    return Kept(True, Claim(following.delivery.id, owner, following if known else None))


@cache
def _statement(mine: Shape, more: tuple[Shape, ...]) -> Select:
    """Put the statement together, once for each shape: that takes longer than running it."""
    guarded, dependent = parts_of(mine, more)
    columns = Delivery.__table__.c
    still_mine = select(guarded.c.id).exists()
    another = columns.id != bindparam("claimed_row")
    read = [columns[name] for name in DeliveryFacts._fields if name != "id"]
    taken = taking_following(still_mine, another).returning(*read).cte("taken")
    kept = select(func.count().label("rows")).select_from(guarded).subquery("kept")
    return (
        select(kept.c.rows, *order_columns(taken))
        .select_from(kept.outerjoin(around(taken), true()))
        .add_cte(*dependent)
    )
