"""After a restore: nothing leaves before a person says so, and nothing is sent blind.

Assurance 3, rule 13.
"""

from datetime import datetime

from sqlalchemy import case, func, select, update

from portal.extensions import db
from portal.messages import say
from portal.models import OPEN, Connection, Delivery, DeliveryState, Held
from portal.services.issuing import health

_NO_SYNC = {"synchronize_session": False}


def settle(now: datetime) -> tuple[int, int]:
    """Pause every connection and hold every open delivery, to be looked up first. Commits.

    Returns how many connections and deliveries there were.
    """
    connections = db.session.scalars(select(Connection)).all()
    for connection in connections:
        health.pause(connection, say("restored_from_backup"), now)
    held = db.session.execute(
        update(Delivery)
        .where(Delivery.state.in_(OPEN))
        .values(
            state=DeliveryState.HELD,
            held_because=case(
                (Delivery.connection_id.is_(None), Held.NO_CONNECTION.value),
                else_=Held.CONNECTION_PAUSED.value,
            ),
            # Since the backup it may have been sent: whoever claims it looks it up.
            sent_at=func.coalesce(Delivery.sent_at, now),
            quiet_until=now,
            owner=None,
        )
        .execution_options(**_NO_SYNC)
    )
    db.session.commit()
    return len(connections), held.rowcount
