"""The columns of reports in the reader's language: a heading, and what the column holds."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

Columns = tuple[tuple[str, str], ...]
CREDLY = {
    "pending": _l("Waiting"),
    "accepted": _l("Accepted"),
    "rejected": _l("Rejected"),
    "revoked": _l("Revoked"),
}
PERSON = (
    (_l("Last name"), _l("Of the person, as it is today.")),
    (_l("First name"), _l("Of the person, as it is today.")),
    (_l("Email"), _l("The address the person signs in with.")),
)


def of_lines() -> Columns:
    """Return the columns of a transcript's lines."""
    return (
        (_("What"), _("A completion, a skill level or a badge.")),
        (_("Title"), _("Of the learning object, the skill with its level, or the badge.")),
        (_("Kind"), _("Of the learning object: course, learning path or certification.")),
        (_("Day"), _("When it was completed, reached or earned.")),
        (_("Ends"), _("When it stops being valid; empty when it does not.")),
        (
            _("State"),
            _("Of a badge, where it stands at Credly; of a completion, a missing success."),
        ),
        (_("Address"), _("Of the badge at Credly.")),
    )


def of_awards() -> Columns:
    """Return the columns of the report of awards."""
    return (
        *PERSON,
        (_("Badge"), _("The badge that was earned.")),
        (_("Kind"), _("Of what it was earned through.")),
        (_("Through"), _("The title of the learning object, or the skill and its level.")),
        (_("Earned"), _("When it was earned.")),
        (_("Ends"), _("When it stops being valid; empty when it does not.")),
        (_("State"), _("Earned, cancelled or revoked.")),
        (_("At Credly"), _("Credly's state of the badge; empty while it is not there.")),
        (_("Address"), _("Of the badge at Credly.")),
    )


def of_completions() -> Columns:
    """Return the columns of the report of completions."""
    return (
        *PERSON,
        (_("Kind"), _("Course, learning path or certification.")),
        (_("Title"), _("Of the learning object.")),
        (_("Attempt"), _("1, and one more for each renewal.")),
        (_("Enrolled"), _("When the person enrolled.")),
        (_("Completed"), _("When it was completed.")),
        (_("Success"), _("Yes; No where it was recorded as completed without success.")),
        (_("Ends"), _("When a certification has to be renewed; empty when it does not end.")),
        (_("Badge"), _("The badge that hangs on it today.")),
    )


def of_skills() -> Columns:
    """Return the columns of the report of skills."""
    return (
        *PERSON,
        (_("Skill"), _("The skill's name.")),
        (_("Level"), _("1 to 3.")),
        (_("Reached"), _("When the level was reached.")),
        (_("Through"), _("The learning path that granted it, or credits.")),
    )


def of_badges() -> Columns:
    """Return the columns of the report of badges."""
    return (
        (_("Badge"), _("The badge's name.")),
        (_("State"), _("As it is today.")),
        (_("Connection"), _("The organisation at Credly; empty for a badge of the portal alone.")),
        (_("Template"), _("The id of the template at Credly.")),
        (_("Earned"), _("How often it was earned in the period, cancelled awards left out.")),
        (_("People"), _("How many people earned it.")),
        (_("Last earned"), _("When it was earned last in the period.")),
        (_("Issued"), _("How many were issued at Credly in the period.")),
        *((word, _("How many of those stand so at Credly today.")) for word in CREDLY.values()),
    )
