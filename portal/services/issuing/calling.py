"""The way to Credly: opens the sealed token, keeps to the rate, notes each call."""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Float, Update, bindparam, case, select, update

from portal.credly.client import CredlyClient
from portal.credly.errors import ConnectionTrouble
from portal.credly.links import BadHost
from portal.credly.transport import Call
from portal.extensions import db, reading
from portal.models import Connection
from portal.sealing import CannotOpen
from portal.services.issuing.facts import ConnectionFacts
from portal.services.means import Means

# Calls are spaced wider than the rate asks, so that they may leave late by the rest of a second: as
# long as each leaves within BREATH - 1 seconds, no second sees more than the rate allows.
BREATH = 1.2
# One that is later than this books again, or it would crowd those behind it. The remaining time is
# for the way to Credly.
LATEST = 0.1
# A machine so slow that it is late again and again sends all the same.
MOST_BOOKINGS = 4
# No budget is booked further ahead than this many seconds and gaps: what lies beyond was reckoned
# by a clock that has been set back since, and nobody may sleep until then.
FURTHEST = 60.0
MOST_AHEAD = 100


class Pace:
    """Waits for a slot before each call. `prepaid` lets one call pass that has waited already."""

    def __init__(self, connection_id: int, rate: float):
        self.connection_id, self.rate, self.prepaid = connection_id, rate, False

    def __call__(self) -> None:
        """Sleep until the connection may be called. Commits; nothing may be open before."""
        if self.prepaid or self.rate <= 0:
            self.prepaid = False
            return
        self.wait_for(self._book_alone())

    def book(self) -> float:
        """Book the next free slot; return its moment of the monotonic clock. The caller commits."""
        return time.monotonic() + take_slot(self.connection_id, self.rate, time.time())

    def wait_for(self, slot: float) -> None:
        """Sleep until this slot, or a later one if it was missed. Nothing may be open before."""
        for _again in range(MOST_BOOKINGS - 1):
            _sleep_until(slot)
            if self.rate <= 0 or time.monotonic() - slot <= LATEST:
                return
            slot = self._book_alone()
        _sleep_until(slot)

    def _book_alone(self) -> float:
        with reading(False):
            slot = self.book()
            db.session.commit()
        return slot


def _sleep_until(slot: float) -> None:
    left = slot - time.monotonic()
    if left > 0:  # to sleep for no time at all takes longer than to see that
        time.sleep(left)


def client_for(
    connection: Connection | ConnectionFacts,
    means: Means,
    *,
    pace: Callable[[], None] | None = None,
    note: Callable[[Call], None] | None = None,
) -> CredlyClient:
    """Return a client that speaks for this connection, by default within its rate.

    Raises ConnectionTrouble: `sealed` when the token cannot be opened with our keys, `host` when
    the host may not be spoken to any more.
    """
    try:
        token = means.sealer.open(connection.sealed_token, connection.seal_owner)
    except CannotOpen as exc:
        raise ConnectionTrouble("sealed") from exc
    try:
        return means.door.at(
            connection.hostname,
            connection.organization_id,
            token,
            pace=pace or Pace(connection.id, means.rules.rate),
            note=note,
        )
    except BadHost as exc:
        raise ConnectionTrouble("host") from exc


def take_slot(connection_id: int, rate: float, now: float) -> float:
    """Book the next free slot in the budget; return the seconds until it. The caller commits."""
    if rate <= 0:
        return 0.0
    gap = BREATH / rate
    furthest = now + FURTHEST + MOST_AHEAD * gap
    values = {"of_connection": connection_id, "now": now, "gap": gap, "furthest": furthest}
    booked = db.session.execute(_BOOK, values).scalar_one()
    return max(0.0, booked - gap - now)


def _book() -> Update:
    """Put together once; it runs before every call."""
    table = Connection.__table__
    now = bindparam("now", type_=Float)
    booked = table.c.next_call.between(now, bindparam("furthest", type_=Float))
    free = case((booked, table.c.next_call), else_=now)
    return (
        update(table)
        .where(table.c.id == bindparam("of_connection"))
        .values(next_call=free + bindparam("gap", type_=Float))
        .returning(table.c.next_call)
    )


_BOOK = _book()


def take_due(due: ColumnElement[bool], **values: Any) -> Connection | None:
    """Take a connection that is due to be asked by itself, and put these values in it.

    None when there is none, or another engine was quicker. Commits.
    """
    connection = db.session.scalars(select(Connection).where(due).limit(1)).first()
    end_transaction()
    if connection is None:
        return None
    won = db.session.execute(
        update(Connection)
        .where(Connection.id == connection.id, due)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    end_transaction()
    return connection if won.rowcount == 1 else None


def end_transaction() -> None:
    """Let go of the database before Credly takes its time; loaded objects keep their values."""
    db.session.commit()
