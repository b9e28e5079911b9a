"""A learner's badges as the list shows them: what was asked for, and what belongs to each."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Person
from portal.services.issuing.wallet import Order, Standing, Wanted, counts, list_for_learner
from portal.services.learning import shown, why
from portal.services.paging import Page
from portal.web.arguments import page_number, text_argument
from portal.web.next_steps import next_step

IN_PROGRESS = "in_progress"
STANDINGS = {
    Standing.TO_ACCEPT: _l("Issued – waiting for you to accept"),
    Standing.ON_ITS_WAY: _l("On its way to Credly"),
    Standing.ACCEPTED: _l("Accepted"),
    Standing.EARNED: _l("Earned"),
    Standing.ISSUED: _l("Issued"),
    Standing.EXPIRED: _l("Expired"),
    Standing.REJECTED: _l("Rejected"),
    Standing.REVOKED: _l("Revoked"),
    Standing.GONE: _l("No longer at Credly"),
    Standing.CANCELLED: _l("Cancelled"),
}
ORDERS = {
    Order.NEWEST: _l("Newest first"),
    Order.NAME: _l("Name"),
    Order.EXPIRY: _l("Ends soonest"),
}


def shelf(learner: Person, now: datetime) -> dict[str, object]:
    """Return what the page of a learner's badges shows; the address says which of them."""
    state, wanted = text_argument("state", 32), _wanted()
    page = list_for_learner(learner, wanted, page_number(), now)
    alone = state == IN_PROGRESS
    begun = shown.badges_in_progress(learner, wanted, page_number() if alone else 1)
    return {
        "page": page,
        "begun": begun,
        "achieved_shown": not alone,
        "begun_shown": alone or (wanted.standing is None and page.number == 1),
        "alone": alone,
        "q": wanted.q,
        "state": IN_PROGRESS if alone else (wanted.standing or ""),
        "sort": "" if wanted.order is Order.NEWEST else wanted.order.value,
        "states": _states(counts(learner, wanted.q, now), begun.total),
        "orders": [("" if one is Order.NEWEST else one, words) for one, words in ORDERS.items()],
        **_belonging_to(page, now),
    }


def _wanted() -> Wanted:
    state, order = text_argument("state", 32), text_argument("sort", 32)
    return Wanted(
        text_argument("q"),
        Standing(state) if state in set(Standing) else None,
        Order(order) if order in set(Order) else Order.NEWEST,
    )


def _states(found: dict[Standing, int], begun: int) -> list[tuple[str, str, int]]:
    each = [(one.value, str(words), found.get(one, 0)) for one, words in STANDINGS.items()]
    return [*each, (IN_PROGRESS, _("In progress"), begun)]


def _belonging_to(page: Page, now: datetime) -> dict[str, object]:
    sources = why.sources_of(page.rows)
    steps = {
        award.id: next_step(award, award.delivery, sources.get(award.id), now)
        for award in page.rows
    }
    return {"sources": sources, "steps": steps}
