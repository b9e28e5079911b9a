"""Figures of the whole portal, for whoever watches it: a fixed number of statements a look."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from portal.extensions import db
from portal.meters import Family, Meter, Sample
from portal.models import (
    Connection,
    ConnectionState,
    Delivery,
    DeliveryState,
    EngineSign,
    ImportRun,
    ImportState,
    Mail,
    MailState,
)
from portal.services import liveness
from portal.services.issuing.token_age import days_left
from portal.version import VERSION

BUSY = (ImportState.READING, ImportState.RUNNING)
UNDER_WAY = (MailState.WAITING, MailState.SENDING)


def look(meter: Meter, now: datetime) -> list[Family]:
    """Return every figure: those this process counted, and those of the database."""
    return [
        Family("rosette_info", "gauge", "The version.", (("", {"version": VERSION}, 1),)),
        *meter.families(),
        *_deliveries(now),
        *_engines(now),
        *_connections(now),
        _one("rosette_imports_running", "Imports being read or running.", _importing()),
        _one("rosette_mails_waiting", "Mails that have not left yet.", _mails()),
    ]


def deliveries_by_state() -> dict[DeliveryState, int]:
    """Return how many deliveries there are in each state; none is left out."""
    query = select(Delivery.state, func.count()).group_by(Delivery.state)
    found = {row[0]: row[1] for row in db.session.execute(query)}
    return {state: found.get(state, 0) for state in DeliveryState}


def _one(name: str, help_line: str, value: float) -> Family:
    return Family(name, "gauge", help_line, (("", {}, value),))


def _deliveries(now: datetime) -> list[Family]:
    oldest = liveness.oldest_waiting(now)
    age = (now - oldest).total_seconds() if oldest else 0
    counts = _counted("state", deliveries_by_state(), DeliveryState)
    return [
        Family("rosette_deliveries", "gauge", "Deliveries by state.", counts),
        _one(
            "rosette_delivery_oldest_due_seconds",
            "Since when the oldest delivery is due that could leave now.",
            age,
        ),
    ]


def _counted(label: str, counts: dict, states: type) -> tuple[Sample, ...]:
    return tuple(("", {label: state.value}, counts.get(state, 0)) for state in states)


def _engines(now: datetime) -> list[Family]:
    signs: Sequence[Any] = db.session.scalars(
        select(EngineSign).where(EngineSign.seen_at > now - liveness.SHOWN_FOR)
    ).all()
    seen = tuple(
        ("", {"engine": one.name}, max(0.0, (now - one.seen_at).total_seconds())) for one in signs
    )
    tries = tuple(
        ("", {"engine": one.name, "outcome": outcome}, count)
        for one in signs
        for outcome, count in sorted(one.tries.items())
    )
    return [
        Family("rosette_engine_silent_seconds", "gauge", "Since the engine's last sign.", seen),
        Family("rosette_tries_total", "counter", "Tries of deliveries by outcome.", tries),
    ]


def _connections(now: datetime) -> list[Family]:
    connections = db.session.scalars(select(Connection).order_by(Connection.id)).all()
    states: dict[ConnectionState, int] = {}
    for one in connections:
        states[one.state] = states.get(one.state, 0) + 1
    left = tuple(("", {"connection": str(one.id)}, days_left(one, now)) for one in connections)
    counts = _counted("state", states, ConnectionState)
    return [
        Family("rosette_connections", "gauge", "Connections by state.", counts),
        Family("rosette_token_days_left", "gauge", "Days until a token expires.", left),
    ]


def _importing() -> int:
    query = select(func.count()).select_from(ImportRun).where(ImportRun.state.in_(BUSY))
    return db.session.scalar(query) or 0


def _mails() -> int:
    query = select(func.count()).select_from(Mail).where(Mail.state.in_(UNDER_WAY))
    return db.session.scalar(query) or 0
