"""Kinds of notifications and mails, and states of mails, as people read them."""

from flask_babel import lazy_gettext as _l

from portal.models import MailState, NotificationKind
from portal.web.states import View

# Kind → what a person is asked about it, and its icon.
KINDS = {
    NotificationKind.BADGE_ISSUED: (_l("Credly has issued my badge"), "award"),
    NotificationKind.ACCEPT_REMINDER: (_l("A badge waits for me to accept it"), "clock"),
    NotificationKind.EVIDENCE_DECIDED: (_l("My evidence was looked at"), "clipboard-check"),
    NotificationKind.ENROLLED: (_l("Somebody enrolled me"), "book"),
    NotificationKind.DUE_SOON: (_l("Something is due soon"), "calendar"),
    NotificationKind.NAME_NEEDED: (_l("A badge needs my name"), "user"),
    NotificationKind.EVIDENCE_WAITING: (_l("Evidence waits for me"), "inbox"),
    NotificationKind.DELIVERY_NEEDS_PERSON: (_l("A delivery needs a person"), "hand-stop"),
    NotificationKind.CONNECTION_HELD: (_l("Credly refuses a connection"), "plug"),
    NotificationKind.TOKEN_EXPIRES: (_l("A Credly token expires soon"), "key"),
}
# Mails that nobody switches off: they are asked for, or keep an account safe.
ALWAYS = {
    "invitation": _l("Invitation"),
    "forgotten_password": _l("Forgotten password"),
    "password_changed": _l("Password changed"),
    "address_code": _l("Code for an address"),
    "email_changed": _l("Address changed"),
    "factor_on": _l("Second factor on"),
    "factor_off": _l("Second factor off"),
}
_STATES = {
    MailState.WAITING: (_l("Waiting"), "info", "clock"),
    MailState.SENDING: (_l("Sending"), "info", "send"),
    MailState.DONE: (_l("Sent"), "good", "circle-check"),
    MailState.FAILED: (_l("Failed"), "bad", "alert-circle"),
    MailState.NOT_SENT: (_l("Not sent: no mail server"), "warn", "mail"),
    MailState.UNWANTED: (_l("Not wanted by its reader"), "quiet", "ban"),
}
STATE_CHOICES = tuple((state.value, label) for state, (label, *_rest) in _STATES.items())


def told_icon(kind: NotificationKind) -> str:
    """The drawing beside a notification."""
    return KINDS[kind][1]


def told_words(kind: NotificationKind) -> str:
    """What a kind of notification is about."""
    return str(KINDS[kind][0])


def mail_kind(kind: str) -> str:
    """What a mail is about."""
    return str(ALWAYS[kind]) if kind in ALWAYS else told_words(NotificationKind(kind))


def mail_state(state: MailState) -> View:
    """Where a mail stands."""
    label, tone, icon = _STATES[state]
    return View(str(label), tone, icon)


FILTERS = (told_icon, told_words, mail_kind, mail_state)
