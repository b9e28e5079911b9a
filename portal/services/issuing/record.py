"""Writing down how a delivery went: one next step for each class of answer (assurance 3, rule 4).

Every write is guarded by the owner of the claim, so a worker that woke up late changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.credly.errors import CredlyTrouble
from portal.credly.payloads import Badge as CredlyBadge
from portal.credly.transport import Call
from portal.extensions import db
from portal.messages import Message, say
from portal.models import Delivery, DeliveryState, Held
from portal.services.issuing import health, notices
from portal.services.issuing.awards import cancel_awards_of
from portal.services.issuing.claims import still_mine, write_if_mine
from portal.services.issuing.dispatch import Claim
from portal.services.issuing.issued_badges import first_write
from portal.services.issuing.onward import write_done
from portal.services.issuing.orders import Order
from portal.services.issuing.trail import entries_of, note
from portal.services.means import Means
from portal.services.together import Write

# For templates that allow duplicates: the second look-up, counted from sent_at in quiet periods.
SECOND_LOOK_UP = 6
# What ends with a badge that waits for its learner.
TOLD_TO_LEARNER = {"issued", "looked_up_found", "was_already_issued"}

UNSENT: dict[str, Any] = {
    "sent_at": None,
    "quiet_until": None,
    "recipient_email": None,
    "first_name": None,
    "last_name": None,
    "empty_lookups": 0,
}


@dataclass
class Run:
    """One try of one delivery: its order, the calls it made, and whether the POST left."""

    order: Order
    calls: list[Call]
    means: Means
    started_at: datetime
    posted: bool = False
    # Whether the slot takes the next delivery when this one is done, and which it took.
    goes_on: bool = False
    following: Claim | None = None


def held(order: Order, because: Held, now: datetime) -> DeliveryState | None:
    """Put the delivery aside until what stands in its way is gone. Commits."""
    if not still_mine(
        Delivery, order.delivery.id, order.owner, state=DeliveryState.HELD, held_because=because
    ):
        db.session.rollback()
        return None
    note(order.delivery.id, say(f"held_{because.value}"), now)
    if because is Held.NAME_NOT_USABLE:
        notices.name_needed(order.learner, now)
    health.give_probe_back(order.delivery.connection_id)
    db.session.commit()
    return DeliveryState.HELD


def issued(run: Run, badge: CredlyBadge, now: datetime) -> DeliveryState | None:
    """Credly issued the badge. Commits."""
    return done(run, badge, say("issued"), now)


def found(run: Run, badge: CredlyBadge, now: datetime) -> DeliveryState | None:
    """The look-up found a live badge: adopt it if it is this learner's. Commits."""
    order = run.order
    if badge.issuer_earner_id not in {None, order.learner.earner_id}:
        return needs_person(run, say("belongs_to_another"), now)
    if order.delivery.cancel_asked:
        return done(run, badge, say("cancelled_but_issued"), now)
    was_there = _was_there_before(order)
    code = "was_already_issued" if was_there else "looked_up_found"
    return done(run, badge, say(code), now, was_there=was_there)


def not_there_after_all(run: Run, now: datetime) -> DeliveryState | None:
    """A cancelled delivery was looked up and never reached Credly. Commits."""
    values = {"state": DeliveryState.CANCELLED, "ended_at": now}
    state = write(run, values, say("cancelled_not_at_credly"), now, commit=False)
    if state is not None:
        _cancel_awards(run.order)
        db.session.commit()
    return state


def cancelled(run: Run, now: datetime) -> DeliveryState | None:
    """A person cancelled before anything left; None if nobody did. Commits."""
    order = run.order
    asked = still_mine(
        Delivery,
        order.delivery.id,
        order.owner,
        Delivery.cancel_asked.is_(True),
        Delivery.sent_at.is_(None),
        state=DeliveryState.CANCELLED,
        ended_at=now,
    )
    if asked:
        _cancel_awards(order)
        note(order.delivery.id, say("cancelled_before_sending"), now)
        health.give_probe_back(order.delivery.connection_id)
    db.session.commit()
    return DeliveryState.CANCELLED if asked else None


def look_again(run: Run, now: datetime) -> DeliveryState | None:
    """Nothing was found, but a second badge would pass: look once more. Commits."""
    quiet = run.means.rules.quiet_period
    due = max(_sent(run.order) + SECOND_LOOK_UP * quiet, now + quiet)
    values = {
        "state": DeliveryState.UNSURE,
        "due": due,
        "empty_lookups": run.order.delivery.empty_lookups + 1,
    }
    return write(run, values, say("looked_up_empty"), now)


def needs_person(
    run: Run,
    message: Message,
    now: datetime,
    what: CredlyTrouble | None = None,
    *,
    unsent: bool = False,
) -> DeliveryState | None:
    """Nothing goes on by itself any more; `unsent` after a clear no to a POST. Commits."""
    values: dict[str, Any] = {"state": DeliveryState.NEEDS_PERSON} | (UNSENT if unsent else {})
    return write(run, values, message, now, what)


def done(
    run: Run, badge: CredlyBadge, message: Message, now: datetime, *, was_there: bool = False
) -> DeliveryState | None:
    """The badge is at Credly: take it over. Commits."""
    values = {"state": DeliveryState.DONE, "ended_at": now, "failures": 0}
    more = [_taking_over(run, badge, now, was_there)]
    if message.code in TOLD_TO_LEARNER:
        more += _telling_learner(run, now)
    mine, others = _outcome(run, values, message, now)
    kept = write_done(
        mine,
        [*others, *more],
        run.order,
        run.means.rules,
        started_at=run.started_at,
        goes_on=run.goes_on,
        now=now,
    )
    run.following = kept.following
    return DeliveryState.DONE if kept.is_mine else None


def _taking_over(run: Run, badge: CredlyBadge, now: datetime, was_there: bool) -> Write:
    email, first_name, last_name = run.order.recipient
    return first_write(
        run.order.issued,
        badge,
        run.means,
        now,
        was_there=was_there,
        came_at=now,
        first_name=badge.issued_to_first_name or first_name,
        last_name=badge.issued_to_last_name or last_name,
        recipient_email=badge.recipient_email or email,
    )


def _telling_learner(run: Run, now: datetime) -> list[Write]:
    return notices.issued(
        person_id=run.order.learner.id,
        award_id=run.order.award_id,
        badge_name=run.order.badge_name,
        by_mail=run.means.mail_is_set_up,
        now=now,
    )


def write(
    run: Run,
    values: dict[str, Any],
    message: Message,
    now: datetime,
    what: CredlyTrouble | None = None,
    *,
    commit: bool = True,
) -> DeliveryState | None:
    """The one guarded write. Trail entries of the calls go in with it."""
    mine, others = _outcome(run, values, message, now, what)
    if not write_if_mine(mine, run.order.owner, others):
        db.session.rollback()
        return None
    if values["state"] is DeliveryState.NEEDS_PERSON:
        notices.needs_person(now)
    if commit:
        db.session.commit()
    return values["state"]


def _outcome(
    run: Run,
    values: dict[str, Any],
    message: Message,
    now: datetime,
    what: CredlyTrouble | None = None,
) -> tuple[Write, list[Write]]:
    """Return the guarded write of a delivery and, beside it, its trail."""
    plain = {
        "reason": message.stored(),
        "credly_words": what.credly_words if what else None,
        "owner": None,
    }
    delivery_id = run.order.delivery.id
    trail = entries_of(delivery_id, run.calls, message, values.get("due"), now)
    return Write(Delivery.__table__, plain | values, delivery_id), trail


def _cancel_awards(order: Order) -> None:
    """Its awards end with it, unless it only would have changed what is at Credly."""
    if order.issued.credly_id is None:
        cancel_awards_of(order.issued.id)


def _was_there_before(order: Order) -> bool:
    """Whether the very first POST already heard "duplicate": then it was none of ours."""
    reason = (order.delivery.reason or {}).get("code")
    return reason == "duplicate_at_credly" and order.delivery.failures <= 1


def _sent(order: Order) -> datetime:
    sent = order.delivery.sent_at
    if sent is None:
        raise ValueError("a look-up needs the moment of sending")
    return sent.replace(microsecond=0)
