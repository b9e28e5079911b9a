"""Each class of trouble and its one next step (assurance 3, rules 4 to 9)."""

from datetime import datetime, timedelta
from typing import Any

from portal.credly.errors import (
    ConnectionTrouble,
    CredlyTrouble,
    Duplicate,
    NotNow,
    Refused,
    TemplateTrouble,
    Unsure,
)
from portal.messages import Message, say
from portal.models import DeliveryState, Held
from portal.services.issuing import health
from portal.services.issuing.patience import LONGEST_ASKED_WAIT
from portal.services.issuing.record import UNSENT, Run, needs_person, write
from portal.services.issuing.troubles import message_of

# A "duplicate" that no look-up can find, this often, is something for a person.
LOST_DUPLICATE = 3


def record_trouble(run: Run, what: CredlyTrouble, now: datetime) -> DeliveryState | None:
    """Write down a trouble and what comes next. Commits."""
    for kind, record in _BY_CLASS.items():
        if isinstance(what, kind):
            return record(run, what, now)
    raise what


def _not_now(run: Run, what: NotNow, now: datetime) -> DeliveryState | None:
    health.note_failure(run.order.connection.id, what, run.means.rules, now)
    clear = run.posted or run.order.delivery.sent_at is None
    asked = None if what.wait is None else min(what.wait, LONGEST_ASKED_WAIT)
    # A Credly that answers "not now", with or without a time, does not use up patience.
    values, message = _put_off(run, what, now, asked, patiently=what.status is not None)
    if clear:
        values |= UNSENT
        if values["state"] is DeliveryState.UNSURE:
            values["state"] = DeliveryState.WAITING
    return write(run, values, message, now, what)


def _unsure(run: Run, what: Unsure, now: datetime) -> DeliveryState | None:
    health.note_failure(run.order.connection.id, what, run.means.rules, now)
    values, message = _put_off(run, what, now, None)
    if values["state"] is not DeliveryState.UNSURE:
        return write(run, values, message, now, what)
    if run.posted:
        values["due"] = max(values["due"], now + run.means.rules.quiet_period)
        values["empty_lookups"] = 0
    elif run.order.delivery.sent_at is None:
        values["state"] = DeliveryState.WAITING
    return write(run, values, message, now, what)


def _duplicate(run: Run, what: Duplicate, now: datetime) -> DeliveryState | None:
    """Credly says it is there already. The next run looks it up; sent_at stays, so that it does."""
    health.note_answer(run.order.connection, run.started_at, run.means.rules, now)
    misses = run.order.delivery.empty_lookups + (run.order.delivery.sent_at is not None)
    if misses >= LOST_DUPLICATE:
        return needs_person(run, say("duplicate_not_found"), now, what)
    values, message = _put_off(run, what, now, 0.0 if misses == 0 else None)
    return write(run, values | {"empty_lookups": misses}, message, now, what)


def _refused(run: Run, what: Refused, now: datetime) -> DeliveryState | None:
    health.note_answer(run.order.connection, run.started_at, run.means.rules, now)
    return needs_person(run, message_of(what), now, what, unsent=run.posted)


def _template(run: Run, what: TemplateTrouble, now: datetime) -> DeliveryState | None:
    health.note_answer(run.order.connection, run.started_at, run.means.rules, now)
    if run.order.template:
        state = "missing" if what.cause == "template_missing" else "archived"
        health.hold_template(run.order.template.id, state)
    return _hold(run, what, Held.TEMPLATE_NOT_ACTIVE, now)


def _connection(run: Run, what: ConnectionTrouble, now: datetime) -> DeliveryState | None:
    if health.hold(run.order.connection, what, now):
        return _hold(run, what, Held.CONNECTION_HELD, now)
    values: dict[str, Any] = {"state": DeliveryState.UNSURE, "due": now}
    if run.posted or run.order.delivery.sent_at is None:
        values |= UNSENT | {"state": DeliveryState.WAITING}
    return write(run, values, say("token_was_replaced"), now, what)


_BY_CLASS = {
    Duplicate: _duplicate,
    NotNow: _not_now,
    Unsure: _unsure,
    TemplateTrouble: _template,
    ConnectionTrouble: _connection,
    Refused: _refused,
}


def _hold(run: Run, what: CredlyTrouble, because: Held, now: datetime) -> DeliveryState | None:
    values: dict[str, Any] = {"state": DeliveryState.HELD, "held_because": because}
    if run.posted:
        values |= UNSENT
    return write(run, values, message_of(what), now, what)


def _put_off(
    run: Run, what: CredlyTrouble, now: datetime, asked: float | None, *, patiently: bool = False
) -> tuple[dict[str, Any], Message]:
    """Return the next due moment, or the end of patience, which is kept if `patiently`."""
    delivery, rules = run.order.delivery, run.means.rules
    failures = delivery.failures + 1
    own_wait = rules.wait_after(failures)
    used_up = 0.0 if patiently or asked is not None else own_wait.total_seconds()
    if used_up and delivery.waited + used_up > rules.patience:
        values = {"state": DeliveryState.NEEDS_PERSON, "failures": 0, "waited": 0.0}
        return values, say("patience_over")
    wait = own_wait if asked is None else timedelta(seconds=asked)
    values = {
        "state": DeliveryState.UNSURE,
        "due": now + wait,
        "failures": failures,
        "waited": delivery.waited + used_up,
    }
    return values, message_of(what)
