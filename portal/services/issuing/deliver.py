"""Carrying one claimed delivery to Credly. No transaction is open while Credly takes its time."""

from portal.credly.errors import CredlyTrouble
from portal.extensions import reading
from portal.models import DeliveryKind, DeliveryState
from portal.services.issuing import record
from portal.services.issuing.calling import Pace, client_for, end_transaction
from portal.services.issuing.carry_change import carry_replace, carry_revoke
from portal.services.issuing.carry_issue import carry_issue
from portal.services.issuing.dispatch import Claim
from portal.services.issuing.orders import Order, load, why_order_held
from portal.services.issuing.record import Run
from portal.services.issuing.record_trouble import record_trouble
from portal.services.issuing.sending import Carrier, Clock
from portal.services.means import Means

_CARRY = {
    DeliveryKind.ISSUE: carry_issue,
    DeliveryKind.REVOKE: carry_revoke,
    DeliveryKind.REPLACE: carry_replace,
}


def deliver(delivery_id: int, owner: str, *, means: Means, clock: Clock) -> DeliveryState | None:
    """Send one claimed delivery and write down how it went; return its state then.

    Asks Credly first when an earlier try may have worked. Returns None when the row was no longer
    ours. Whatever Credly does is a state with a reason; only trouble of our own is raised.
    """
    return carry(Claim(delivery_id, owner), means=means, clock=clock)[0]


def carry(
    claim: Claim, *, means: Means, clock: Clock, goes_on: bool = False
) -> tuple[DeliveryState | None, Claim | None]:
    """Do what `deliver` says; with `goes_on` also take the next one for the slot that is free then.

    Returns the state, and the next claim if there is one.
    """
    order = claim.order or _load(claim)
    if order is None:
        return None, None
    run = Run(order, [], means, started_at=clock(), goes_on=goes_on)
    return _send(run, clock), run.following


def _load(claim: Claim) -> Order | None:
    with reading():
        order = load(claim.delivery_id, claim.owner)
        end_transaction()
    return order


def _send(run: Run, clock: Clock) -> DeliveryState | None:
    order, means = run.order, run.means
    if order.delivery.cancel_asked and not order.delivery.sent_at:
        return record.cancelled(run, clock())
    because = why_order_held(order)
    if because:
        return record.held(order, because, clock())
    pace = Pace(order.connection.id, means.rules.rate)
    try:
        client = client_for(order.connection, means, pace=pace, note=run.calls.append)
        return _CARRY[order.delivery.kind](Carrier(run, client, pace, clock))
    except CredlyTrouble as trouble:
        return record_trouble(run, trouble, clock())
