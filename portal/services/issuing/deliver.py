"""Carrying one claimed delivery to Credly. No transaction is open while Credly takes its time."""

import time
from collections.abc import Callable
from datetime import datetime

from portal.credly.client import CredlyClient
from portal.credly.errors import CredlyTrouble
from portal.credly.payloads import Badge as CredlyBadge
from portal.credly.transport import Call
from portal.extensions import db
from portal.models import Delivery, DeliveryState
from portal.services.issuing import record
from portal.services.issuing.calling import Pace, client_for, end_transaction, take_slot
from portal.services.issuing.claims import still_mine
from portal.services.issuing.orders import Order, load, why_held
from portal.services.issuing.record import Run
from portal.services.issuing.record_trouble import record_trouble
from portal.services.means import Means

Clock = Callable[[], datetime]


def deliver(delivery_id: int, owner: str, *, means: Means, clock: Clock) -> DeliveryState | None:
    """Send one claimed delivery and write down how it went; return its state then.

    Asks Credly first when an earlier try may have worked. Returns None when the row was no longer
    ours. Whatever Credly does is a state with a reason; only trouble of our own is raised.
    """
    order = load(delivery_id, owner)
    end_transaction()
    if order is None:
        return None
    because = why_held(order.badge, order.template, order.connection, order.learner)
    if because:
        return record.held(order, because, clock())
    calls: list[Call] = []
    run = Run(order, calls, means, started_at=clock())
    pace = Pace(order.connection.id, means.rules.rate)
    try:
        client = client_for(order.connection, means, pace=pace, note=calls.append)
        return _carry(run, client, pace, clock)
    except CredlyTrouble as trouble:
        return record_trouble(run, trouble, clock())


def _carry(run: Run, client: CredlyClient, pace: Pace, clock: Clock) -> DeliveryState | None:
    order = run.order
    if order.delivery.sent_at:
        found = _look_up(order, client)
        if found is not None:
            return record.found(run, found, clock())
        if order.delivery.cancel_asked:
            return record.not_there_after_all(run, clock())
        if _must_look_again(order):
            return record.look_again(run, clock())
    elif order.delivery.cancel_asked:
        return record.cancelled(run, clock())
    if not _mark_sent(order, run.means, clock()):
        # A person cancelled at this very moment, or the lease ended and it is no longer ours.
        return record.cancelled(run, clock())
    run.posted = pace.prepaid = True
    return record.issued(run, client.issue(order.request()), clock())


def _look_up(order: Order, client: CredlyClient) -> CredlyBadge | None:
    """Return the learner's live badge at Credly, ours first (assurance 3, rule 5)."""
    live = client.find(order.request())
    ours = [badge for badge in live if badge.issuer_earner_id == order.learner.earner_id]
    return next(iter([*ours, *live]), None)


def _must_look_again(order: Order) -> bool:
    """A template that allows duplicates stops no second POST: it takes two empty look-ups."""
    if order.template is None or not order.template.allow_duplicates:
        return False
    return order.delivery.empty_lookups < 1


def _mark_sent(order: Order, means: Means, now: datetime) -> bool:
    """Write down, durably, that the POST is about to leave. False when the row is not ours."""
    email, first_name, last_name = order.recipient
    quiet_until = now + means.rules.quiet_period
    mine = still_mine(
        Delivery,
        order.delivery.id,
        order.owner,
        Delivery.cancel_asked.is_(False),
        sent_at=now,
        due=quiet_until,
        quiet_until=quiet_until,
        recipient_email=email,
        first_name=first_name,
        last_name=last_name,
    )
    wait = take_slot(order.connection.id, means.rules.rate, time.time()) if mine else 0.0
    db.session.commit()
    if mine:
        time.sleep(wait)
    return mine
