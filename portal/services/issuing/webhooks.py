"""Webhooks: an event is a hint. It is stored once, answered at once, and looked up by a worker."""

import json
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from portal.credly.shapes import is_uuid
from portal.errors import NotFound
from portal.extensions import db
from portal.messages import say
from portal.models import Connection, InboundEvent, InboundState
from portal.services.issuing.webhook_addresses import heard
from portal.services.slices import START, Order, Place, Slice, slice_of

LONGEST_BODY = 64 * 1024


class BadEvent(Exception):
    """What was sent is no event."""


def receive(*, secret: str, body: bytes, now: datetime) -> None:
    """Store an event under its id; the same one again is only counted. Commits.

    Raises NotFound for a secret that is not ours, BadEvent for what cannot be an event. An event
    of a foreign organisation is kept as ignored: a prober must not see a difference.
    """
    connection = heard(secret, now)
    if connection is None:
        raise NotFound
    event = _read(body)
    ours = event["organization_id"].lower() == connection.organization_id
    row = InboundEvent(
        connection_id=connection.id,
        event_id=event["id"].lower(),
        event_type=event["event_type"][:60],
        state=InboundState.WAITING if ours else InboundState.IGNORED,
        reason=None if ours else say("event_not_about_ours").stored(),
        due=now,
        received_at=now,
    )
    db.session.add(row)
    try:
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        _count_again(connection.id, event["id"].lower())


def events_of(connection: Connection, place: Place = START) -> Slice:
    """Return a page of what came in over a connection, newest first."""
    ids = select(InboundEvent.id).where(InboundEvent.connection_id == connection.id)
    load = select(InboundEvent).options(joinedload(InboundEvent.connection))
    return slice_of(ids, load, Order((InboundEvent.id,), falling=True), place)


def _count_again(connection_id: int, event_id: str) -> None:
    db.session.execute(
        update(InboundEvent)
        .where(InboundEvent.connection_id == connection_id, InboundEvent.event_id == event_id)
        .values(times_received=InboundEvent.times_received + 1)
        .execution_options(synchronize_session=False)
    )
    db.session.commit()


def _read(body: bytes) -> dict[str, str]:
    """Return the event's texts; ids must be UUIDs before they may ever stand in a path."""
    if len(body) > LONGEST_BODY:
        raise BadEvent
    try:
        data = json.loads(
            body.decode("utf-8"),
            parse_constant=_refuse,
            parse_float=_finite,
            object_pairs_hook=_each_once,
        )
    except (ValueError, RecursionError) as exc:
        raise BadEvent from exc
    if not isinstance(data, dict):
        raise BadEvent
    event = {name: data.get(name) for name in ("id", "organization_id", "event_type")}
    if not all(isinstance(value, str) for value in event.values()):
        raise BadEvent
    if not event["event_type"].isprintable():  # no database keeps NUL or half a letter
        raise BadEvent
    if not is_uuid(event["id"]) or not is_uuid(event["organization_id"]):
        raise BadEvent
    return event


def _refuse(name: str) -> None:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(text)
    return number


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found
