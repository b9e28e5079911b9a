"""What a badge is called in badge.csv."""

import unicodedata

from portal.models import Badge
from portal.services.importing.cell_rules import can_be_seen, without_spaces
from portal.services.importing.source_rows import LONGEST_NAME


def plain(text: str) -> str:
    """Return a name as it is kept: composed, without spaces around it."""
    return unicodedata.normalize("NFC", without_spaces(text))


def name_in_file(own_name: str | None, template_name: str | None, template_id: str | None) -> str:
    """Return the badge's own name, else its template's as a file can hold it.

    A row with this name leaves a badge that follows its template as it is.
    """
    name = own_name or plain(plain(template_name or "")[:LONGEST_NAME])
    return name if can_be_seen(name) else template_id or name


def name_of(badge: Badge) -> str:
    """Return what this badge is called in a file."""
    template = badge.template.name if badge.template else None
    return name_in_file(badge.own_name, template, badge.external_badge_id)
