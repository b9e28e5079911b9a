"""Credly's troubles as messages, and the form field each of them is about."""

from portal.credly.errors import CredlyTrouble
from portal.messages import Message, say

_CODES = {
    "token": "token_refused",
    "rights": "token_lacks_rights",
    "organization": "organization_not_found",
    "certificate": "certificate_not_trusted",
    "redirect": "credly_redirects",
    "refused_connection": "credly_not_reached",
    "dns": "credly_not_reached",
    "connect_timeout": "credly_not_reached",
    "unreachable": "credly_not_reached",
    "too_many_requests": "credly_busy",
    "unavailable": "credly_busy",
    "timeout": "credly_no_answer",
    "deadline": "credly_no_answer",
    "reset": "credly_no_answer",
    "server_error": "credly_server_error",
    "template_missing": "template_missing",
    "template_not_active": "template_not_active",
    "duplicate": "duplicate_at_credly",
    "already_replaced": "already_replaced",
    "refused": "credly_refused",
    "sealed": "token_cannot_be_opened",
    "host": "host_allowed_no_more",
}
_FIELDS = {"token": "token", "rights": "token", "organization": "organization_id"}


def message_of(trouble: CredlyTrouble) -> Message:
    """Return what to say about a trouble."""
    return message_of_cause(trouble.cause)


def message_of_cause(cause: str) -> Message:
    """Return what to say about a trouble of which the cause alone was written down."""
    return say(_CODES.get(cause, "credly_strange_answer"))


def field_of(trouble: CredlyTrouble) -> str | None:
    """Return the field of the connection form that a trouble is about; the host if unsure."""
    if trouble.cause in {"too_many_requests", "refused"}:
        return None
    return _FIELDS.get(trouble.cause, "hostname")
