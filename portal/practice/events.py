"""Events: written down when something happens, listed, shown, and handed to the webhooks."""

import json
import random
import sqlite3

from portal.practice.calls import Call, new_id
from portal.practice.organizations import organization_of
from portal.practice.records import Record
from portal.practice.templates import Template

_SPREAD = 0.5  # seconds over which shuffled webhooks are strewn


def record_event(call: Call, event_type: str, thing: Record | Template) -> None:
    """Write the event down, and put its webhook into the outbox when there is one to send."""
    fields = thing.fields if isinstance(thing, Template) else thing
    subject = "badge_template" if isinstance(thing, Template) else "badge"
    organization_id = thing.organization_id if subject != "badge" else fields["organization_id"]
    event_id = new_id()
    cursor = call.db.execute(
        "INSERT INTO events (id, organization_id, event_type, occurred_at, subject, subject_id,"
        " snapshot) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(event_id, organization_id, event_type, call.moment, subject),
            *(fields["id"], json.dumps(fields)),
        ),
    )
    if call.switches["webhooks"]:
        send_event(call, find_event(call, cursor.lastrowid))


def find_event(call: Call, sequence: int | None) -> sqlite3.Row:
    return call.db.execute("SELECT * FROM events WHERE sequence = ?", (sequence,)).fetchone()


def send_event(call: Call, event: sqlite3.Row) -> None:
    """Put the thin payload of credly-api.md 7 into the outbox, if the organisation wants it."""
    url = organization_of(call, event["organization_id"])["webhook_url"]
    if not url:
        return
    names = ("id", "organization_id", "event_type", "occurred_at")
    payload = json.dumps({name: event[name] for name in names})
    spread = _SPREAD if call.switches["webhook_shuffle"] else 0.0
    now = call.now.timestamp()
    call.db.executemany(
        "INSERT INTO outbox (url, payload, due, since) VALUES (?, ?, ?, ?)",
        [
            (url, payload, now + random.uniform(0, spread), now)  # noqa: S311 - an order, no secret
            for _ in range(int(call.switches["webhook_repeat"]))
        ],
    )


def forget_badge(call: Call, badge_id: str) -> None:
    """Take the personal data of an erased badge out of the events that told of it."""
    call.db.execute(
        "UPDATE events SET snapshot = json_object('id', subject_id) WHERE subject_id = ?",
        (badge_id,),
    )
