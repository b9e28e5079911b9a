"""Emptying and deleting what the data map says, and again when something came in later."""

from datetime import datetime

from sqlalchemy import case, delete, literal, or_, select, update

from portal.extensions import db
from portal.models import OPEN, Delivery, IssuedBadge, Person
from portal.services.privacy.data_map import HOLDINGS
from portal.services.privacy.holdings import table_of


def clear(person_id: int) -> None:
    """Empty every column that the data map says is emptied, and delete rows that go. Idempotent.

    The recipient of a delivery that is still open stays until Credly has said how it ended. The
    caller commits.
    """
    for name, holding in HOLDINGS.items():
        table = table_of(name)
        mine = holding.mine(table, person_id)
        if holding.deleted:
            db.session.execute(delete(table).where(mine))
        elif holding.cleared:
            if name == "delivery":
                mine &= table.c.state.not_in(OPEN)
            values = {
                column: value(person_id) if callable(value) else value
                for column, value in holding.cleared.items()
            }
            for one, condition in holding.theirs.items():
                there = condition(table, person_id)
                values[one] = case((there, literal(values[one])), else_=table.c[one])
            db.session.execute(update(table).where(mine).values(**values))


def clear_again(now: datetime) -> int:
    """Empty what came in about erased people since: answers of Credly. Return how many. Commits."""
    theirs = or_(IssuedBadge.recipient_email.is_not(None), IssuedBadge.profile_url.is_not(None))
    ended = select(Delivery.issued_badge_id).where(
        Delivery.recipient_email.is_not(None), Delivery.state.not_in(OPEN)
    )
    query = (
        select(Person.id)
        .join(IssuedBadge, IssuedBadge.learner_id == Person.id)
        .where(Person.erased_at.is_not(None), or_(theirs, IssuedBadge.id.in_(ended)))
        .distinct()
        .limit(100)
    )
    found = db.session.scalars(query).all()
    for person_id in found:
        clear(person_id)
    db.session.commit()
    return len(found)
