"""What the books and a sync found, in words: states here and at Credly, and what went wrong."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.services.issuing import troubles
from portal.web.audit_words import value_words
from portal.wording import words

REPLACED = "replaced by "  # so the books write down what stands in a badge's place at Credly
_TEMPLATE_STATES = {
    "active": _l("Active"),
    "draft": _l("Draft"),
    "archived": _l("Archived"),
    "missing": _l("No longer at Credly"),
}


def found_here(row: Mapping[str, Any]) -> str:
    """The word for the state in which the portal has it."""
    return value_words(row["ours"])


def found_at_credly(row: Mapping[str, Any]) -> str:
    """What Credly has there: a state, what stands in its place, its id, or why nobody knows."""
    theirs = row["theirs"] or ""
    if row["finding"] == "unread":
        return words(troubles.message_of_cause(theirs))
    if theirs.startswith(REPLACED):
        return _("Replaced by %(badge)s", badge=theirs.removeprefix(REPLACED))
    return value_words(theirs or row["credly_id"])


def template_value(change: Mapping[str, Any], when: str) -> str:
    """What a template said before (`old`) or says now (`new`); a state by its word."""
    value = change[when]
    return str(_TEMPLATE_STATES.get(value, value)) if change["field"] == "state" else value or "–"


def seconds(number: float | None) -> str:
    """Write how long an answer took as the reader's language writes decimals."""
    return format_decimal(number or 0, format="0.00")


FILTERS = (found_here, found_at_credly, template_value, seconds)
