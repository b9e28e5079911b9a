"""The trail of a delivery: every call and every decision, with when and what comes next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from portal.credly.transport import Call
from portal.extensions import db
from portal.messages import Message
from portal.models import Person, TrailEntry
from portal.services.together import Write


def note(
    delivery_id: int, message: Message, now: datetime, *, person: Person | None = None
) -> None:
    """Write down a decision of the portal, or of a person. The caller commits."""
    db.session.add(
        TrailEntry(
            delivery_id=delivery_id,
            at=now,
            message=message.stored(),
            person_id=person.id if person else None,
        )
    )


def entries_of(
    delivery_id: int,
    calls: Sequence[Call],
    message: Message,
    due: datetime | None,
    now: datetime,
) -> list[Write]:
    """Return what keeps the calls of one try; the last carries what was concluded."""
    rows = [_row(delivery_id, call, None, None, now) for call in calls[:-1]]
    rows.append(_row(delivery_id, calls[-1] if calls else None, message, due, now))
    return [Write(TrailEntry.__table__, row) for row in rows]


def _row(
    delivery_id: int,
    call: Call | None,
    message: Message | None,
    due: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    return {
        "delivery_id": delivery_id,
        "at": now,
        "call": f"{call.method} {call.path}"[:200] if call else None,
        "status": call.status if call else None,
        "seconds": call.seconds if call else None,
        "credly_words": call.words if call else None,
        "message": message.stored() if message else None,
        "next_due": due,
    }
