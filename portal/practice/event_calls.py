"""The event calls: the feed of an organisation, and one event (credly-api.md 3.7)."""

import json
import sqlite3
from typing import Any

from portal.practice.answers import Answer, enveloped, not_found
from portal.practice.badges import badge_body
from portal.practice.calls import Call
from portal.practice.paging import among, conditions_of, page_of
from portal.practice.records import find_badge
from portal.practice.templates import Template, find_template, template_body


def list_events(call: Call, organization_id: str) -> Answer:
    """The newest first, fifty a page."""
    own = ("organization_id = ?", [organization_id])
    conditions = [own, *conditions_of(call, {"event_type": among("event_type")})]
    rows, metadata = page_of(call, "events", conditions, "sequence DESC")
    return enveloped([event_body(call, row) for row in rows], metadata)


def get_event(call: Call, organization_id: str, event_id: str) -> Answer:
    query = "SELECT * FROM events WHERE id = ? AND organization_id = ?"
    row = call.db.execute(query, (event_id, organization_id)).fetchone()
    if row is None:
        raise not_found()
    return enveloped(event_body(call, row))


def event_body(call: Call, event: sqlite3.Row) -> dict[str, Any]:
    names = ("id", "event_type", "organization_id", "occurred_at")
    show = _template if event["subject"] == "badge_template" else _badge
    return {**{name: event[name] for name in names}, event["subject"]: show(call, event)}


def _badge(call: Call, event: sqlite3.Row) -> dict[str, Any]:
    """The badge as it was or as it is, by switch; of an erased one the id is all that is left."""
    then = json.loads(event["snapshot"])
    if "state" not in then:
        return then
    now = find_badge(call.db, event["subject_id"])
    return badge_body(call, now if now and _current(call) else then)


def _template(call: Call, event: sqlite3.Row) -> dict[str, Any]:
    then = Template(event["organization_id"], json.loads(event["snapshot"]))
    now = find_template(call, event["subject_id"], event["organization_id"])
    return template_body(call, now if now and _current(call) else then)


def _current(call: Call) -> bool:
    return call.switches["event_content"] == "current"
