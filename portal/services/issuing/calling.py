"""The way to Credly: opens the sealed token, keeps to the rate, notes each call."""

import time
from collections.abc import Callable

from sqlalchemy import case, update

from portal.credly.client import CredlyClient
from portal.credly.errors import ConnectionTrouble
from portal.credly.transport import Call
from portal.extensions import db, reading
from portal.models import Connection
from portal.sealing import CannotOpen
from portal.services.means import Means

# Calls are spaced a little wider than the rate asks: one that leaves late must not crowd those
# behind it into a second with more than the rate allows.
BREATH = 1.1


class Pace:
    """Waits for a slot before each call. `prepaid` lets one call pass whose slot is booked."""

    def __init__(self, connection_id: int, rate: float):
        self.connection_id, self.rate, self.prepaid = connection_id, rate, False

    def __call__(self) -> None:
        """Sleep until the connection may be called. Commits; nothing may be open before."""
        if self.prepaid or self.rate <= 0:
            self.prepaid = False
            return
        with reading(False):
            wait = take_slot(self.connection_id, self.rate, time.time())
            db.session.commit()
        time.sleep(wait)


def client_for(
    connection: Connection,
    means: Means,
    *,
    pace: Callable[[], None] | None = None,
    note: Callable[[Call], None] | None = None,
) -> CredlyClient:
    """Return a client that speaks for this connection, by default within its rate.

    Raises ConnectionTrouble (`sealed`) when the token cannot be opened with our keys.
    """
    try:
        token = means.sealer.open(connection.sealed_token, connection.seal_owner)
    except CannotOpen as exc:
        raise ConnectionTrouble("sealed") from exc
    return means.door.at(
        connection.hostname,
        connection.organization_id,
        token,
        pace=pace or Pace(connection.id, means.rules.rate),
        note=note,
    )


def take_slot(connection_id: int, rate: float, now: float) -> float:
    """Book the next free slot in the budget; return the seconds until it. The caller commits."""
    if rate <= 0:
        return 0.0
    gap = BREATH / rate
    free = case((Connection.next_call > now, Connection.next_call), else_=now)
    booked = db.session.execute(
        update(Connection)
        .where(Connection.id == connection_id)
        .values(next_call=free + gap)
        .returning(Connection.next_call)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return max(0.0, booked - gap - now)


def end_transaction() -> None:
    """Let go of the database before Credly takes its time; loaded objects keep their values."""
    db.session.commit()
