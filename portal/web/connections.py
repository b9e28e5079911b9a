"""What is said about a connection in several places: its token's age, its warnings."""

from datetime import datetime, timedelta

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from portal.models import Connection
from portal.services.issuing.token_age import LIFE

WARN_BEFORE = timedelta(days=30)
_FIELDS = {
    "new": lambda: _("New template"),
    "name": lambda: _("Name"),
    "description": lambda: _("Description"),
    "criteria": lambda: _("Criteria"),
    "skills": lambda: _("Skills"),
    "state": lambda: _("State"),
    "image": lambda: _("Picture"),
}


def token_age(connection: Connection, now: datetime) -> str:
    """Say when the token was saved and when Credly lets it expire, and how it ends."""
    saved, ends = connection.token_saved_at, connection.token_saved_at + LIFE
    values = {
        "saved": format_date(saved, format="d MMM y"),
        "ends": format_date(ends, format="d MMM y"),
        "ending": connection.token_ending,
    }
    if ends <= now:
        return _("saved %(saved)s, expired %(ends)s, ends in %(ending)s", **values)
    return _("saved %(saved)s, expires %(ends)s, ends in %(ending)s", **values)


def token_warnings(connection: Connection, now: datetime) -> list[str]:
    """Return what somebody should do about the token soon."""
    left = connection.token_saved_at + LIFE - now
    found = []
    if left <= timedelta():
        found.append(
            _("The token of %(name)s has expired by now. Replace it.", name=connection.name)
        )
    elif left <= WARN_BEFORE:
        found.append(
            ngettext(
                "The token of %(name)s expires in %(num)s day. Replace it before that.",
                "The token of %(name)s expires in %(num)s days. Replace it before that.",
                max(1, left.days),
                name=connection.name,
            )
        )
    return found


def template_field(name: str) -> str:
    """The word for what changed about a template."""
    return _FIELDS[name]() if name in _FIELDS else name


FILTERS = (token_age, token_warnings, template_field)
