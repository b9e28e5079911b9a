"""Issuing: one badge, a batch of them, and the replacement of a badge by a newer one."""

from typing import Any

from portal.practice.answers import Answer, Refusal, enveloped, not_found
from portal.practice.badges import badge_body
from portal.practice.calls import Call, new_id
from portal.practice.duplicates import settle_duplicate
from portal.practice.earners import accept
from portal.practice.events import record_event
from portal.practice.orders import (
    NAMES,
    Trouble,
    read_evidence,
    read_expiry,
    read_issued_at,
    read_order,
    read_place,
    read_template,
    refuse,
    text_of,
)
from portal.practice.records import Record, find_badge, save
from portal.practice.templates import Template
from portal.practice.times import stamp


def issue(call: Call, organization_id: str) -> Answer:
    badge = _book(call, organization_id, call.body)
    return enveloped(badge_body(call, badge), status=201)


def issue_batch(call: Call, organization_id: str) -> Answer:
    """All or nothing: the first bad item refuses the whole batch with its `error_index`."""
    wanted = call.body.get("badges")
    if not isinstance(wanted, list):
        raise Refusal(422, "Badges can't be blank")
    booked = []
    for index, wishes in enumerate(wanted):
        try:
            booked.append(_book(call, organization_id, wishes if isinstance(wishes, dict) else {}))
        except Refusal as refusal:
            refusal.data["error_index"] = index
            raise
    return enveloped([badge_body(call, badge) for badge in booked], status=201)


def _book(call: Call, organization_id: str, wishes: dict[str, Any]) -> Record:
    template = read_template(call, organization_id, wishes)
    order = read_order(call, template, wishes)
    existing = settle_duplicate(call, template, order, wishes)
    if existing:
        return existing
    badge = _new_record(call, template, order)
    _add(call, badge)
    return accept(call, badge) if call.switches["auto_accept"] else badge


def _new_record(call: Call, template: Template, order: dict[str, Any]) -> Record:
    return {
        "id": new_id(),
        "organization_id": template.organization_id,
        "template_id": template["id"],
        "user_id": None,
        **order,
        "public": True,
        "replacement_badge_id": None,
        "replaces_badge_id": None,
        "revocation_reason": None,
        "state": "pending",
        "state_updated_at": None,
        "created_at": call.moment,
        "updated_at": call.moment,
    }


def _add(call: Call, badge: Record) -> None:
    save(call.db, badge)
    call.db.execute(
        "UPDATE templates SET badges_count = badges_count + 1 WHERE id = ?",
        (badge["template_id"],),
    )
    record_event(call, "badge.created", badge)
    call.booked.append(badge["id"])


def replace(call: Call, organization_id: str, badge_id: str) -> Answer:
    """Book a new badge in the place of the old one; only the newest of a chain can be replaced."""
    old = find_badge(call.db, badge_id, organization_id)
    if old is None:
        raise not_found()
    _check_replaceable(call, old)
    template = read_template(call, organization_id, call.body)
    badge = {
        **_new_record(call, template, _kept(old)),
        **_changes(call, template),
        "user_id": old["user_id"],
        "public": old["public"],
        "replaces_badge_id": old["id"],
    }
    if old["state"] == "accepted":
        badge |= {"state": "accepted", "state_updated_at": call.moment}
    _add(call, badge)
    save(call.db, {**old, "replacement_badge_id": badge["id"], "updated_at": call.moment})
    return enveloped(badge_body(call, badge), status=201)


def _check_replaceable(call: Call, badge: Record) -> None:
    why = "Validation failed: This badge cannot be replaced because it has already been"
    if badge["replacement_badge_id"]:
        head = _head(call, badge)["id"]
        raise Refusal(422, f"{why} replaced.", metadata={"current_badge_id": head})
    if badge["state"] == "revoked":
        raise Refusal(422, f"{why} revoked.")


def _head(call: Call, badge: Record) -> Record:
    newest = badge
    while newest["replacement_badge_id"]:
        following = find_badge(call.db, newest["replacement_badge_id"])
        if following is None:
            break
        newest = following
    return newest


def _kept(old: Record) -> dict[str, Any]:
    names = ("recipient_email", *NAMES, "issuer_earner_id", "locale", "issuer_earner_group")
    place = ("country", "country_code", "state_or_province", "evidence")
    suppress = "suppress_badge_notification_email"
    return {name: old[name] for name in (*names, *place, suppress, "issued_at", "expires_at")}


def _changes(call: Call, template: Template) -> dict[str, Any]:
    """What the body of a replace asks to be different; the rest is kept from the old badge."""
    wishes, troubles = call.body, list[Trouble]()
    changes: dict[str, Any] = _names(wishes)
    issued_at = read_issued_at(wishes, troubles)
    changes["issued_at"] = stamp(issued_at) if issued_at else None
    if "expires_at" in wishes:
        changes["expires_at"] = read_expiry(template, wishes, troubles)
    if {"country_name", "state_or_province"} & wishes.keys():
        changes |= read_place(wishes)
    if "evidence" in wishes:
        changes["evidence"] = read_evidence(wishes)
    if text_of(wishes, "issuer_earner_id"):
        changes["issuer_earner_id"] = text_of(wishes, "issuer_earner_id")
    refuse(call, troubles)
    return changes


def _names(wishes: dict[str, Any]) -> dict[str, Any]:
    """Single names win over the full name, which older clients send."""
    first, _, last = (text_of(wishes, "issued_to") or "").rpartition(" ")
    whole = {"issued_to_first_name": first, "issued_to_last_name": last} if first else {}
    return {**whole, **{name: text_of(wishes, name) for name in NAMES if text_of(wishes, name)}}
