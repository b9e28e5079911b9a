"""A learner's badges as the list shows them: what was asked for, and what belongs to each."""

from collections.abc import Mapping
from datetime import datetime

from portal.models import Person
from portal.services.issuing.wallet import Order, Standing, Wanted, counts_beside, list_for_learner
from portal.services.learning import shown, why
from portal.web.arguments import page_number, text_argument
from portal.web.award_cards import key_of, moves, whole_cards
from portal.web.language import in_each_language
from portal.web.saying import gettext as _
from portal.web.standings import views

IN_PROGRESS = "in_progress"


@in_each_language
def _orders() -> tuple[tuple[str, str], ...]:
    words = {
        Order.NEWEST: _("Newest first"),
        Order.NAME: _("Name"),
        Order.EXPIRY: _("Ends soonest"),
    }
    return tuple(("" if one is Order.NEWEST else one.value, word) for one, word in words.items())


@in_each_language
def _state_choices() -> tuple[tuple[str, str], ...]:
    each = [(one, view.words) for one, view in views().items()]
    return (("", _("Every state")), *each, (IN_PROGRESS, _("In progress")))


def shelf(learner: Person, now: datetime) -> dict[str, object]:
    """Return what the page of a learner's badges shows; the address says which of them."""
    state, wanted = text_argument("state", 32), _wanted()
    page = list_for_learner(learner, wanted, page_number(), now)
    alone = state == IN_PROGRESS
    cards = whole_cards(page.rows, why.sources_of(page.rows), now)
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
        "state_choices": _state_choices(),
        "states": _states(counts_beside(page, learner, wanted, now), begun.total),
        "orders": _orders(),
        "cards": cards,
        "shown": key_of(cards) if any(moves(card) for card in cards) else None,
    }


def _wanted() -> Wanted:
    state, order = text_argument("state", 32), text_argument("sort", 32)
    return Wanted(
        text_argument("q"),
        Standing(state) if state in set(Standing) else None,
        Order(order) if order in set(Order) else Order.NEWEST,
    )


def _states(found: Mapping[Standing, int], begun: int) -> list[tuple[str, str, int]]:
    """How many there are in each state that there are any in."""
    counted = {**found, IN_PROGRESS: begun}
    return [
        (value, words, counted[value]) for value, words in _state_choices() if counted.get(value)
    ]
