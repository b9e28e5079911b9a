"""Changing what is at Credly: revoking a badge, and putting a new one in its place."""

from sqlalchemy import select

from portal.credly.errors import AlreadyReplaced, Refused
from portal.credly.payloads import Badge as CredlyBadge
from portal.extensions import db, reading
from portal.messages import say
from portal.models import OPEN, Delivery, DeliveryState
from portal.services.issuing import record, record_change, record_cycle
from portal.services.issuing.calling import end_transaction
from portal.services.issuing.sending import Carrier

LONGEST_CHAIN = 20


def carry_revoke(carrier: Carrier) -> DeliveryState | None:
    """Revoke the newest badge of the chain. Asking twice is as good as once.

    One that was replaced meanwhile cannot be revoked (credly-api.md 3.3), its successor can.
    """
    run, order = carrier.run, carrier.order
    badge = _newest(carrier, order.issued.credly_id)
    if badge is None:
        return record_change.gone(run, carrier.clock())
    if badge.is_revoked:
        return record_change.revoked(run, badge, carrier.clock())
    if order.delivery.cancel_asked and order.delivery.sent_at:
        return record.not_there_after_all(run, carrier.clock())
    if not carrier.mark_sent():
        return record.cancelled(run, carrier.clock())
    return record_change.revoked(run, _revoke(carrier, badge), carrier.clock())


def _revoke(carrier: Carrier, badge: CredlyBadge) -> CredlyBadge:
    """Revoke a badge, or its successor if it was replaced since it was read, a moment ago."""
    delivery = carrier.order.delivery
    how = (delivery.revoke_reason or "", delivery.suppress_mail)
    try:
        return carrier.client.revoke(badge.id, *how)
    except Refused:
        newest = _newest(carrier, badge.id)
        if newest is None or newest.id == badge.id:
            raise
    return newest if newest.is_revoked else carrier.client.revoke(newest.id, *how)


def carry_replace(carrier: Carrier) -> DeliveryState | None:
    """Put a badge in the place of the one at Credly: with today's name, or of a new cycle.

    An unsure replacement is looked up along `replacement_badge_id`; what stands there and says
    what we want is adopted. A new cycle waits for the one before it while that is on its way, and
    is issued by itself where nothing is left to be replaced.
    """
    run, order = carrier.run, carrier.order
    begins_cycle = order.issued.credly_id is None
    if begins_cycle:
        before = _open_before(carrier)
        if before is not None:
            return record_cycle.wait_for(run, before, carrier.clock())
    target = order.issued.credly_id or order.replaces_credly_id
    newest = _newest(carrier, target)
    if newest is None or newest.is_revoked:
        if begins_cycle and (newest is None or newest.id == target):
            return record_cycle.issue_instead(run, carrier.clock())
        return record.needs_person(run, say("nothing_to_replace"), carrier.clock())
    if newest.id != target and _says_what_we_want(newest, carrier):
        return record_change.found_replacement(run, newest, carrier.clock())
    if order.delivery.cancel_asked and order.delivery.sent_at:
        return record.not_there_after_all(run, carrier.clock())
    if not carrier.mark_sent():
        return record.cancelled(run, carrier.clock())
    return record.issued(run, _replace(carrier, newest.id), carrier.clock())


def _open_before(carrier: Carrier) -> Delivery | None:
    """What still carries the badge of the cycle before, or changes it, at this moment."""
    earlier_id = carrier.order.issued.replaces_id
    if earlier_id is None:
        return None
    query = select(Delivery).where(Delivery.issued_badge_id == earlier_id, Delivery.state.in_(OPEN))
    with reading():
        found = db.session.scalars(query, execution_options={"populate_existing": True}).first()
        end_transaction()
    return found


def _replace(carrier: Carrier, credly_id: str) -> CredlyBadge:
    try:
        return carrier.client.replace(credly_id, carrier.order.request())
    except AlreadyReplaced as again:
        if again.current_badge_id is None:
            raise Refused("already_replaced", status=again.status) from again
        return carrier.client.replace(again.current_badge_id, carrier.order.request())


def _newest(carrier: Carrier, credly_id: str | None) -> CredlyBadge | None:
    """Follow replacements from a badge to the one that counts; None when it is gone."""
    for _step in range(LONGEST_CHAIN):
        badge = carrier.client.badge(credly_id) if credly_id else None
        if badge is None or badge.replacement_badge_id is None:
            return badge
        credly_id = badge.replacement_badge_id
    return None


def _says_what_we_want(badge: CredlyBadge, carrier: Carrier) -> bool:
    order = carrier.order.request()
    said = (badge.issued_to_first_name, badge.issued_to_last_name)
    # Credly keeps whole seconds (credly-api.md 2.4).
    same_day = badge.expires_at == (order.expires_at and order.expires_at.replace(microsecond=0))
    same_issue = badge.issued_at == order.issued_at.replace(microsecond=0)
    return said == (order.first_name, order.last_name) and same_day and same_issue
