"""The other badge calls: lists, bulk search, one badge, revoke, delete."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from portal.practice.answers import Answer, Refusal, enveloped, not_found
from portal.practice.badges import badge_body, minimal_body
from portal.practice.calls import Call
from portal.practice.events import forget_badge, record_event
from portal.practice.orders import text_of
from portal.practice.paging import (
    Condition,
    among,
    conditions_of,
    from_day,
    marks,
    order_of,
    page_of,
    to_day,
    truth,
    values_of,
)
from portal.practice.records import Record, find_badge, record_from, save
from portal.practice.times import stamp

_SORT_NAMES = ("issued_at", "created_at", "updated_at", "expires_at", "state_updated_at", "state")
_SORTS = {name: name for name in _SORT_NAMES}


def _addresses(text: str) -> Sequence[str]:
    return [value.lower() for value in values_of(text)]


def _email(_call: Call, text: str) -> Condition:
    values = _addresses(text)
    return f"email IN ({marks(values)})", values


def _any_email(_call: Call, text: str) -> Condition:
    """Any address of the account of that person, whichever of them was asked for."""
    values = _addresses(text)
    some = marks(values)
    accounts = f"SELECT earner_id FROM addresses WHERE email IN ({some})"  # noqa: S608 - only marks
    theirs = f"SELECT email FROM addresses WHERE earner_id IN ({accounts})"  # noqa: S608 - only marks
    return f"email IN ({some}) OR email IN ({theirs})", [*values, *values]


def _reporting_tags(_call: Call, text: str) -> Condition:
    values = values_of(text)
    tagged = (
        "SELECT templates.id FROM templates, json_each(templates.data, '$.reporting_tags') AS tag"  # noqa: S608 - only marks
        f" WHERE tag.value IN ({marks(values)})"
    )
    return f"template_id IN ({tagged})", values


_FILTERS = {
    "query": lambda _call, text: ("instr(search, ?) > 0", [text.strip().casefold()]),
    "state": among("state"),
    "recipient_email": _email,
    "recipient_email_all": _any_email,
    "issuer_earner_id": among("issuer_earner_id"),
    "badge_template_id": among("template_id"),
    "public": truth("public"),
    "user_id": among("user_id"),
    "badge_templates[reporting_tags]": _reporting_tags,
    "created_at_min": from_day("created_at"),
    "created_at_max": to_day("created_at"),
    "expires_at_date_min": from_day("expires_at"),
    "expires_at_date_max": to_day("expires_at"),
}


def _listed(call: Call, organization_id: str) -> list[Condition]:
    """What is in a list: the organisation's own, as filtered, and not too new to be seen yet."""
    conditions: list[Condition] = [("organization_id = ?", [organization_id])]
    lag = call.switches["list_lag"]
    if lag:
        seen = stamp(call.now.fromtimestamp(call.now.timestamp() - lag, call.now.tzinfo))
        conditions.append(("created_at <= ?", [seen]))
    return [*conditions, *conditions_of(call, _FILTERS)]


def list_badges(call: Call, organization_id: str) -> Answer:
    conditions = _listed(call, organization_id)
    order = order_of(call, _SORTS, "sequence DESC")
    rows, metadata = page_of(call, "badges", conditions, order)
    return enveloped([badge_body(call, record_from(row)) for row in rows], metadata)


def search(call: Call, organization_id: str) -> Answer:
    """The bulk export: oldest first, no totals, only the link to what follows."""
    conditions = [*_listed(call, organization_id), *_span(call)]
    start, per = call.args.get("after", "0"), call.switches["high_volume_page_size"]
    conditions.append(("sequence > ?", [int(start) if start.isdecimal() else 0]))
    where = " AND ".join(f"({text})" for text, _ in conditions)
    values = [value for _, some in conditions for value in some]
    query = f"SELECT * FROM badges WHERE {where} ORDER BY sequence LIMIT ?"  # noqa: S608 - our own names
    rows = call.db.execute(query, [*values, per + 1]).fetchall()
    show = minimal_body if call.args.get("badge_format") == "minimal" else badge_body
    url = _following(call, rows[per - 1]["sequence"]) if len(rows) > per else None
    data = [show(call, record_from(row)) for row in rows[:per]]
    return enveloped(data, {"next_page_url": url})


def _span(call: Call) -> list[Condition]:
    """`start_date` and `end_date`; seen in one client, taken to mean the last change."""
    found: list[Condition] = []
    for name, sign in (("start_date", ">="), ("end_date", "<=")):
        if call.args.get(name):
            found.append((f"replace(updated_at, 'T', ' ') {sign} ?", [call.args[name]]))
    return found


def _following(call: Call, sequence: int) -> str:
    kept = [(key, value) for key, value in call.args.items(multi=True) if key != "after"]
    return call.addresses.api(call.path) + "?" + urlencode([*kept, ("after", sequence)])


def _badge(call: Call, organization_id: str, badge_id: str) -> Record:
    badge = find_badge(call.db, badge_id, organization_id)
    if badge is None:
        raise not_found()
    return badge


def get_badge(call: Call, organization_id: str, badge_id: str) -> Answer:
    return enveloped(badge_body(call, _badge(call, organization_id, badge_id)))


def revoke(call: Call, organization_id: str, badge_id: str) -> Answer:
    """Revoke for good, with a reason; a badge that was replaced cannot be revoked any more."""
    badge = _badge(call, organization_id, badge_id)
    reason = text_of(call.body, "reason")
    _check_revocable(call, badge, reason)
    changes: dict[str, Any] = {"state": "revoked", "revocation_reason": reason}
    revoked = {**badge, **changes, "state_updated_at": call.moment, "updated_at": call.moment}
    save(call.db, revoked)
    record_event(call, "badge.state.changed", revoked)
    return enveloped(badge_body(call, revoked))


def _check_revocable(call: Call, badge: Record, reason: str | None) -> None:
    if badge["replacement_badge_id"]:
        raise Refusal(422, "Validation failed: A badge that was replaced cannot be revoked")
    if badge["state"] == "revoked" and call.switches["revoke_twice"] == "refuse":
        raise Refusal(422, "Validation failed: This badge has already been revoked")
    if reason is None:
        raise Refusal(422, "Validation failed: Revocation reason can't be blank")


def delete(call: Call, organization_id: str, badge_id: str) -> Answer:
    """Erase the record and the personal data, also where events still tell of them."""
    badge = _badge(call, organization_id, badge_id)
    call.db.execute("DELETE FROM badges WHERE id = ?", (badge_id,))
    call.db.execute(
        "UPDATE templates SET badges_count = badges_count - 1 WHERE id = ?",
        (badge["template_id"],),
    )
    record_event(call, "badge.deleted", badge)
    forget_badge(call, badge_id)
    return Answer(204)
