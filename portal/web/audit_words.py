"""The words of what changed in an entry of the audit: states, roles, ways, and their labels."""

from datetime import datetime
from typing import Any

from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.web.forms.api_tokens import SCOPES
from portal.web.forms.people import ROLES

SUBJECTS = {
    "connection": _l("Connection"),
    "badge": _l("Badge"),
    "import_run": _l("Import"),
    "catalogue_import": _l("Catalogue"),
    "award": _l("Award"),
    "delivery": _l("Delivery"),
    "course": _l("Course"),
    "learning_path": _l("Learning path"),
    "certification": _l("Certification"),
    "module": _l("Module"),
    "skill": _l("Skill"),
    "person_group": _l("Group"),
    "enrolment": _l("Enrolment"),
    "evidence": _l("Evidence"),
    "earlier_run": _l("Earlier completions"),
    "apply_run": _l("Changed requirements"),
    "api_token": _l("API token"),
}
_WORDS = {
    "keep": _l("Keep for them what was required until now"),
    "all": _l("Apply the change to all of them"),
    **dict(ROLES),
    "working": _l("Working"),
    "held": _l("Held"),
    "paused": _l("Paused"),
    "active": _l("Active"),
    "draft": _l("Draft"),
    "published": _l("Published"),
    "retired": _l("Retired"),
    "waiting": _l("Waiting"),
    "sending": _l("Sending"),
    "unsure": _l("Checking with Credly"),
    "needs_person": _l("Needs a person"),
    "done": _l("Done"),
    "cancelled": _l("Cancelled"),
    "earned": _l("Earned"),
    "revoked": _l("Revoked"),
    "pending": _l("Waiting to be accepted"),
    "accepted": _l("Accepted"),
    "rejected": _l("Rejected"),
    "reading": _l("Being read"),
    "ready": _l("Ready"),
    "running": _l("Running"),
    "stopped": _l("Stopped"),
    "password": _l("Password"),
    "present_password": _l("Present password"),
    "sso": _l("Single sign-on"),
    "second_factor": _l("Second factor"),
    "invitation": _l("Invitation"),
    "setup": _l("Set-up"),
    "import": _l("Import"),
    "first_name": _l("First name"),
    "last_name": _l("Last name"),
    "email": _l("E-mail"),
    "sign_in_email": _l("Sign-in address"),
    "badge_email": _l("Address for badges"),
    "sso_unknown": _l("Nobody has added them"),
    "sso_not_trusted": _l("The answer was not trusted"),
    "sso_too_weak": _l("The service did not say that a strong way was used"),
    "sso_email_not_verified": _l("The address was not verified"),
    "sso_another_account": _l("The address belongs to another account there"),
    "account_is_off": _l("The account is switched off"),
    "file_infected": _l("It found something"),
    "file_not_checked": _l("It gave no answer"),
    "awards": _l("Awards"),
    "badges": _l("Badges"),
    "skills": _l("Skills"),
    "transcripts": _l("Learner transcripts"),
    "people": _l("People"),
    "completions": _l("Completions"),
    **{scope.value: label for scope, label in SCOPES.items()},
}
_CRITERIA = {
    "all": _l("All of its modules"),
    "some": _l("Some of its modules, whichever"),
    "chosen": _l("Its required modules"),
}
_LABELS = {
    "way": _l("How"),
    "fields": _l("Changed"),
    "why": _l("Why"),
    "kind": _l("Kind"),
    "rows": _l("Rows"),
    "issues": _l("Issue on Credly"),
    "people": _l("People"),
    "learners": _l("Learners"),
    "levels": _l("Levels"),
    "steps": _l("Steps"),
    "courses": _l("Courses"),
    "sessions": _l("Sessions"),
    "badge_id": _l("Badge"),
    "criteria": _l("Criteria"),
    "for_started": _l("Learners who have begun"),
    "success": _l("With success"),
    "revoke": _l("Revoke at Credly"),
    "pictures": _l("With pictures"),
    "keys": _l("With keys"),
    "mail": _l("With mail"),
    "deliveries": _l("Deliveries"),
    "connections": _l("Connections"),
    "scopes": _l("Good for"),
    "token": _l("API token"),
    "tokens": _l("API tokens"),
    "name": _l("Name"),
    "completed_at": _l("Completed on"),
    "also": _l("Completions taken back with it"),
    "cancelled": _l("Awards cancelled"),
    "stopping": _l("Perhaps on their way"),
    "left": _l("Left for Credly before"),
    "not_awarded": _l("Not awarded"),
}
# Said by what the entry is about, which leads there.
_SAID_ELSEWHERE = {"before", "after", "what", "source_id"}
_NOTHING = (None, "", [])
MOST_SHOWN = 10


def value_words(value: Any) -> str:
    """Return a value as people read it: a word of ours translated, a list as its parts."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value in _NOTHING:
        return "–"
    if isinstance(value, list):
        shown = ", ".join(value_words(one) for one in value[:MOST_SHOWN])
        rest = len(value) - MOST_SHOWN
        more = ngettext("and %(num)s more", "and %(num)s more", rest) if rest > 0 else ""
        return f"{shown} {more}".strip()
    return str(_WORDS.get(value, value))


def facts_of(details: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what else an entry says, beside before and after, each with its label."""
    told = ((name, value) for name, value in details.items() if name not in _SAID_ELSEWHERE)
    return [
        (str(_LABELS.get(name, name)), _fact_words(name, value))
        for name, value in told
        if value not in _NOTHING
    ]


def _fact_words(name: str, value: Any) -> str:
    """Say one detail; of rows that are known by their ids alone, how many they are."""
    if name == "completed_at":
        return format_datetime(datetime.fromisoformat(value), format="d MMM y HH:mm")
    if name == "criteria":
        return str(_CRITERIA.get(value, value))
    if isinstance(value, list) and all(isinstance(one, int) for one in value):
        return str(len(value))
    return value_words(value)


def change_of(details: dict[str, Any]) -> tuple[str, str] | None:
    """Return what was before and what is after; None where nothing is said of it."""
    before, after = details.get("before"), details.get("after")
    if before in _NOTHING and after in _NOTHING:
        return None
    return value_words(before), value_words(after)


def subject_words(subject: str) -> str:
    """Return the word for a kind of subject."""
    return str(SUBJECTS.get(subject, subject))
