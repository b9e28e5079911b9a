"""Accounts and enrolments as administrators see them: a word, a tone and an icon."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Enrolment, EnrolmentState, Person
from portal.web.states import View

_ENROLMENT = {
    EnrolmentState.ENROLLED: (_l("Enrolled"), "quiet", "book"),
    EnrolmentState.IN_PROGRESS: (_l("In progress"), "info", "player-play"),
    EnrolmentState.SUBMITTED: (_l("Handed in"), "info", "clipboard-check"),
    EnrolmentState.COMPLETED: (_l("Completed"), "good", "circle-check"),
    EnrolmentState.WITHDRAWN: (_l("Withdrawn"), "quiet", "x"),
}


def account_state(person: Person) -> View:
    """Whether the person can sign in."""
    if not person.active:
        return View(_("Deactivated"), "bad", "user-off")
    if person.password_hash is None:
        return View(_("No password yet"), "warn", "mail")
    return View(_("Active"), "good", "circle-check")


def enrolment_state(enrolment: Enrolment) -> View:
    """How far they have come."""
    words, tone, icon = _ENROLMENT[enrolment.state]
    return View(str(words), tone, icon)
