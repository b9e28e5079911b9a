"""Issuing: look up when an earlier try may have worked, else one POST."""

from portal.credly.payloads import Badge as CredlyBadge
from portal.models import DeliveryState
from portal.services.issuing import record, record_cycle
from portal.services.issuing.orders import Order
from portal.services.issuing.sending import Carrier


def carry_issue(carrier: Carrier) -> DeliveryState | None:
    """Issue the badge, or adopt the one that is there (assurance 3, rules 4 to 6)."""
    run, order = carrier.run, carrier.order
    if order.delivery.sent_at:
        found = _look_up(carrier)
        if found is not None:
            return record_cycle.found(run, found, carrier.clock())
        if order.delivery.cancel_asked:
            return record.not_there_after_all(run, carrier.clock())
        if _must_look_again(order):
            return record.look_again(run, carrier.clock())
    if not carrier.mark_sent():
        # A person cancelled at this very moment, or the lease ended and it is no longer ours.
        return record.cancelled(run, carrier.clock())
    return record.issued(run, carrier.client.issue(order.request()), carrier.clock())


def _look_up(carrier: Carrier) -> CredlyBadge | None:
    """Return the learner's live badge at Credly, ours first (assurance 3, rule 5).

    Of several of ours, where a template allows that, first the one of this cycle: every cycle is
    issued with the moment of its own completion.
    """
    order = carrier.order
    live = carrier.client.find(order.request())
    ours = [badge for badge in live if badge.issuer_earner_id == order.learner.earner_id]
    moment = order.issued.issued_at.replace(microsecond=0)
    of_this_cycle = [badge for badge in ours if badge.issued_at == moment]
    return next(iter([*of_this_cycle, *ours, *live]), None)


def _must_look_again(order: Order) -> bool:
    """A template that allows duplicates stops no second POST: it takes two empty look-ups."""
    if order.template is None or not order.template.allow_duplicates:
        return False
    return order.delivery.empty_lookups < 1
