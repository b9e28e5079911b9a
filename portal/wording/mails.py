"""The words of each kind of mail."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class MailWords:
    """Subject and body of a mail, with %(name)s and other places for values."""

    subject: str
    body: str


MAILS: dict[str, tuple] = {
    "forgotten_password": (
        _l("Choose a new password for %(portal)s"),
        _l(
            "Hello %(name)s,\n\nsomebody, probably you, forgot the password of your account at"
            " %(portal)s. Choose a new one here; the link works once, for one hour:\n\n%(link)s"
            "\n\nIf it was not you, do nothing: your password stays as it is.\n"
        ),
    ),
    "password_changed": (
        _l("Your password at %(portal)s was changed"),
        _l(
            "Hello %(name)s,\n\nthe password of your account at %(portal)s has just been changed,"
            " and every browser was signed out. If it was not you, ask an administrator for help"
            " at once.\n"
        ),
    ),
    "address_code": (
        _l("Your code for %(portal)s"),
        _l(
            "Hello %(name)s,\n\nto show that this address is yours, type this code at %(portal)s"
            " within 15 minutes:\n\n%(link)s\n\nIf you did not ask for it, do nothing, and tell"
            " nobody the code.\n"
        ),
    ),
    "factor_on": (
        _l("Your second factor at %(portal)s is on"),
        _l(
            "Hello %(name)s,\n\nfrom now on your account at %(portal)s asks for a code of your app"
            " when you sign in. If it was not you who turned this on, ask an administrator for help"
            " at once.\n"
        ),
    ),
    "factor_off": (
        _l("Your second factor at %(portal)s is off"),
        _l(
            "Hello %(name)s,\n\nfrom now on your account at %(portal)s asks for the password alone"
            " when you sign in. If neither you nor an administrator you asked turned the second"
            " factor off, ask for help at once.\n"
        ),
    ),
    "email_changed": (
        _l("Your address at %(portal)s was changed"),
        _l(
            "Hello %(name)s,\n\nyour account at %(portal)s now has another address to sign in"
            " with; this one no longer works. If it was not you, ask an administrator for help at"
            " once.\n"
        ),
    ),
    "invitation": (
        _l("Your account at %(portal)s"),
        _l(
            "Hello %(name)s,\n\nan account was made for you at %(portal)s. Choose your password"
            " here; the link works once, for seven days:\n\n%(link)s\n"
        ),
    ),
}

# What is told by the bell, too: the kind, and the subject of its mail.
SUBJECTS = {
    "badge_issued": _l("Your badge from %(portal)s"),
    "accept_reminder": _l("Your badge waits for you to accept it"),
    "evidence_decided": _l("Your evidence at %(portal)s was looked at"),
    "enrolled": _l("Something to learn at %(portal)s"),
    "due_soon": _l("Due soon at %(portal)s"),
    "name_needed": _l("Your badge needs your name"),
    "evidence_waiting": _l("%(portal)s: evidence waits for you"),
    "delivery_needs_person": _l("%(portal)s: a delivery needs a person"),
    "connection_held": _l("%(portal)s: Credly refuses a connection"),
    "token_expires": _l("%(portal)s: a Credly token expires soon"),
}
NOTIFICATION = _l(
    "Hello %(name)s,\n\n%(message)s\n\n%(link)s\n\n--\n%(portal)s sent this mail because you have"
    " an account there. No more mails of this kind: %(stop)s\n"
)
