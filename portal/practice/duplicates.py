"""Duplicates: who counts as having the badge already, and `duplicate_behavior` (section 5)."""

from typing import Any

from portal.practice.answers import Refusal
from portal.practice.calls import Call
from portal.practice.earners import earner_with
from portal.practice.records import Record, record_from, save
from portal.practice.templates import Template

# The same template and the same address, account or issuer_earner_id. Written as a union, so
# that each part can use its index however many badges the template has.
_FIND = """
SELECT * FROM badges WHERE sequence IN (
    SELECT sequence FROM badges WHERE email = :email
    UNION SELECT sequence FROM badges WHERE issuer_earner_id = :earner
    UNION SELECT sequence FROM badges
        WHERE email IN (SELECT email FROM addresses WHERE earner_id = :account)
) AND template_id = :template AND replacement_badge_id IS NULL
ORDER BY sequence DESC
"""


def find_duplicate(call: Call, template: Template, order: dict[str, Any]) -> Record | None:
    """Return the newest badge that makes this order a duplicate, or None."""
    account = earner_with(call, order["recipient_email"])
    rows = call.db.execute(
        _FIND,
        {
            "email": order["recipient_email"].lower(),
            "earner": order["issuer_earner_id"],
            "account": account["id"] if account else None,
            "template": template["id"],
        },
    )
    blocking = call.switches["revoked_blocks"]
    return next((record_from(row) for row in rows if blocking or row["state"] != "revoked"), None)


def settle_duplicate(
    call: Call, template: Template, order: dict[str, Any], wishes: dict[str, Any]
) -> Record | None:
    """Return the badge to answer with instead of a new one, None to go on, or refuse.

    `duplicate_behavior` means something only where the template disallows duplicates.
    """
    if template["allow_duplicate_badges"] or wishes.get("duplicate_behavior") == "allow":
        return None
    existing = find_duplicate(call, template, order)
    if existing is None:
        return None
    if wishes.get("duplicate_behavior") == "replace" and existing["state"] != "revoked":
        return _renewed(call, existing, order)
    raise Refusal(422, "User already has this badge")


def _renewed(call: Call, badge: Record, order: dict[str, Any]) -> Record:
    """Update the badge in place: never `issued_at`, the two identities only while it is safe."""
    same_earner = badge["issuer_earner_id"] == order["issuer_earner_id"]
    same_email = badge["recipient_email"].lower() == order["recipient_email"].lower()
    kept = {"issued_at", "locale", "suppress_badge_notification_email"}
    if not (same_earner and badge["state"] == "pending"):
        kept.add("recipient_email")
    if not same_email:
        kept.add("issuer_earner_id")
    if _without_ids(badge["evidence"]) == _without_ids(order["evidence"]):
        kept.add("evidence")
    changes = {key: value for key, value in order.items() if key not in kept}
    if all(badge[key] == value for key, value in changes.items()):
        return badge
    renewed = {**badge, **changes, "updated_at": call.moment}
    save(call.db, renewed)
    return renewed


def _without_ids(evidence: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in piece.items() if key != "id"} for piece in evidence]
