"""What can be said to people outside pages: a code and named values each; wording has the words.

Services raise messages and rows store them; only pages, mails and commands turn them into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.messages import (
    api,
    audit,
    earlier,
    importing,
    learners,
    learning,
    people,
    running,
    told,
)

_PARTS = (
    api.CODES
    | audit.CODES
    | importing.CODES
    | learners.CODES
    | learning.CODES
    | people.CODES
    | told.CODES
    | earlier.CODES
    | running.CODES
)
# The code of every message, with the names of its values.
CODES: dict[str, tuple[str, ...]] = _PARTS | {
    # people and sign-in
    "sign_in_failed": (),
    "sign_in_slow_down": ("seconds",),
    "email_not_usable": (),
    "email_taken": (),
    "name_missing": (),
    "password_too_short": ("least",),
    "password_too_long": ("most",),
    "password_too_common": (),
    "setup_code_wrong": (),
    "link_not_usable": (),
    "old_password_wrong": (),
    "account_is_off": (),
    "last_admin": (),
    "not_yourself": (),
    "already_erased": (),
    "erasure_not_asked": (),
    "erasure_other_address": (),
    "was_erased": (),
    "profile_not_credly": (),
    # connections
    "host_not_allowed": (),
    "organization_id_not_uuid": (),
    "token_not_usable": (),
    "connection_name_taken": (),
    "connection_in_use": ("badges",),
    "token_refused": (),
    "token_lacks_rights": (),
    "organization_not_found": (),
    "certificate_not_trusted": (),
    "credly_redirects": (),
    "credly_not_reached": (),
    "credly_busy": (),
    "credly_no_answer": (),
    "credly_strange_answer": (),
    "credly_server_error": (),
    "credly_refused": (),
    "token_cannot_be_opened": (),
    "host_allowed_no_more": (),
    # badges, templates, pictures
    "badge_name_missing": (),
    "badge_template_taken": ("badge",),
    "badge_in_use": (),
    "badge_retired": (),
    "template_missing": (),
    "template_not_active": (),
    "external_badge_id_not_uuid": (),
    "image_address_refused": (),
    "image_not_reached": (),
    "image_not_an_image": (),
    "image_too_small": (),
    "image_too_large": (),
    "sync_interrupted": (),
    "public_page_cancelled": (),
    "restored_from_backup": (),
    # deliveries: how a try went
    "issued": (),
    "was_already_issued": (),
    "looked_up_found": (),
    "looked_up_empty": (),
    "held_connection_held": (),
    "held_connection_paused": (),
    "held_no_connection": (),
    "held_template_not_active": (),
    "held_name_not_usable": (),
    "held_opted_out": (),
    "held_undo_window": (),
    "send_now_asked": (),
    "not_held_any_more": (),
    "why_connection_held": (),
    "why_connection_paused": (),
    "why_no_connection": (),
    "why_template_not_active": (),
    "why_name_not_usable": (),
    "why_opted_out": (),
    "why_undo_window": (),
    "duplicate_not_found": (),
    "duplicate_at_credly": (),
    "already_replaced": (),
    "belongs_to_another": (),
    "nothing_to_replace": (),
    "revoked_at_credly": (),
    "gone_at_credly": (),
    "not_at_credly": (),
    "already_on_its_way": (),
    "reason_missing": (),
    "revoke_asked": (),
    # the books
    "repair_send": (),
    "repair_adopt": (),
    "repair_take_over": (),
    "repair_acknowledge": (),
    "nothing_to_adopt_it": (),
    "still_at_credly": (),
    "same_organization": ("name",),
    "name_needs_letters": (),
    # webhooks
    "event_unknown_at_credly": (),
    "event_not_about_ours": (),
    "event_applied": (),
    "event_badge_gone": (),
    "public_url_not_reachable": (),
    "webhook_unsettled": (),
    "earlier_cycle_live": (),
    "waits_for_earlier_cycle": (),
    "nothing_left_to_replace": (),
    "patience_over": (),
    "token_was_replaced": (),
    "retry_asked": (),
    "cancel_asked": (),
    "cancelled_before_sending": (),
    "cancelled_not_at_credly": (),
    "cancelled_but_issued": (),
    "retry_not_open": (),
    "retry_still_held": (),
    "number_differs": ("number",),
    "cancel_not_open": (),
}


@dataclass(frozen=True)
class Message:
    """One thing to say. Unknown codes and wrong values are a mistake of ours, found at once."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if set(self.values) != set(CODES[self.code]):
            raise ValueError(f"message {self.code!r} takes the values {CODES[self.code]}")

    def stored(self) -> dict[str, Any]:
        """Return what a JSON column keeps of it."""
        return {"code": self.code, "values": dict(self.values)}


def say(code: str, **values: Any) -> Message:
    """Make a message."""
    return Message(code, values)


def from_stored(stored: Mapping[str, Any]) -> Message:
    """Return the message that a JSON column kept."""
    return Message(stored["code"], stored["values"])
