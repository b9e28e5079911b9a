"""Accounts as administrators see them: a word, a tone and an icon."""

from flask_babel import gettext as _

from portal.models import Person
from portal.web.states import View


def account_state(person: Person) -> View:
    """Whether the person can sign in."""
    if not person.active:
        return View(_("Deactivated"), "bad", "user-off")
    if person.password_hash is None:
        return View(_("No password yet"), "warn", "mail")
    return View(_("Active"), "good", "circle-check")
