"""Carrying one claimed delivery to Credly. No transaction is open while Credly takes its time."""

from datetime import datetime

from portal.credly.errors import CredlyTrouble
from portal.credly.transport import Call
from portal.extensions import reading
from portal.models import Connection, DeliveryKind, DeliveryState
from portal.services.issuing import record
from portal.services.issuing.calling import Pace, client_for, end_transaction
from portal.services.issuing.carry_change import carry_replace, carry_revoke
from portal.services.issuing.carry_issue import carry_issue
from portal.services.issuing.dispatch import Claim, give_back
from portal.services.issuing.orders import load, why_order_held
from portal.services.issuing.record import Run
from portal.services.issuing.record_trouble import record_trouble
from portal.services.issuing.sending import Carrier, Clock
from portal.services.means import Means

_CARRY = {
    DeliveryKind.ISSUE: carry_issue,
    DeliveryKind.REVOKE: carry_revoke,
    DeliveryKind.REPLACE: carry_replace,
}


def deliver(
    delivery_id: int, owner: str, *, means: Means, clock: Clock, ahead: bool = False
) -> DeliveryState | None:
    """Send one claimed delivery and write down how it went; return its state then.

    Asks Credly first when an earlier try may have worked. Returns None when the row was no longer
    ours. Whatever Credly does is a state with a reason; only trouble of our own is raised. What
    was claimed `ahead` of its turn is given back when its connection was closed meanwhile.
    """
    with reading():
        order = load(delivery_id, owner)
        end_transaction()
    if order is None:
        return None
    calls: list[Call] = []
    run = Run(order, calls, means, started_at=clock())
    if order.delivery.cancel_asked and not order.delivery.sent_at:
        return record.cancelled(run, clock())
    because = why_order_held(order)
    if because:
        return record.held(order, because, clock())
    if ahead and _is_closed(order.connection, clock()):
        return give_back(Claim(delivery_id, owner), clock())
    pace = Pace(order.connection.id, means.rules.rate)
    try:
        client = client_for(order.connection, means, pace=pace, note=calls.append)
        return _CARRY[order.delivery.kind](Carrier(run, client, pace, clock))
    except CredlyTrouble as trouble:
        return record_trouble(run, trouble, clock())


def _is_closed(connection: Connection, now: datetime) -> bool:
    return connection.closed_until is not None and connection.closed_until > now
