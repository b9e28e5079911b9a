"""Accounts: the word for each as administrators see it, and what proof their owner is asked for."""

from flask_babel import gettext as _

from portal.models import Person
from portal.services.people import proving
from portal.web.means import means
from portal.web.states import View


def account_state(person: Person) -> View:
    """Whether the person can sign in."""
    if not person.active:
        return View(_("Deactivated"), "bad", "user-off")
    if person.password_hash is None:
        return View(_("No password yet"), "warn", "mail")
    return View(_("Active"), "good", "circle-check")


def asks_password(person: Person) -> bool:
    """Whether the person types the present password before something sensitive."""
    return proving.asks_password(person, means())


FILTERS = (asks_password,)
