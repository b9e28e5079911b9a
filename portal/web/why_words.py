"""What is said about each finding of *Why?*: to staff about others, to learners themselves."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Course, Held, Policy
from portal.services.learning.why_ways import Finding, Way
from portal.web.states import View

# Finding → the word on the pill, its tone and icon.
_PILLS = {
    Finding.ACCEPTED: (_l("Accepted"), "good", "circle-check"),
    Finding.PENDING: (_l("Issued – not accepted yet"), "info", "mail"),
    Finding.REJECTED: (_l("Rejected"), "bad", "x"),
    Finding.EXPIRED: (_l("Expired"), "bad", "clock"),
    Finding.GONE: (_l("No longer at Credly"), "warn", "alert-triangle"),
    Finding.AT_CREDLY: (_l("Issued"), "info", "send"),
    Finding.ON_ITS_WAY: (_l("On its way to Credly"), "info", "send"),
    Finding.HELD: (_l("Held"), "warn", "hand-stop"),
    Finding.NEEDS_PERSON: (_l("Needs a person"), "bad", "alert-circle"),
    Finding.NOT_SENT: (_l("Not sent by choice"), "quiet", "archive"),
    Finding.ALREADY_HELD: (_l("Already held"), "good", "circle-check"),
    Finding.IN_PORTAL: (_l("Earned"), "good", "circle-check"),
    Finding.REVOKED: (_l("Revoked"), "bad", "x"),
    Finding.CANCELLED: (_l("Cancelled"), "quiet", "x"),
    Finding.COMPLETED_RETIRED: (_l("No badge"), "quiet", "archive"),
    Finding.COMPLETED_EARLIER: (_l("Not awarded yet"), "warn", "history"),
    Finding.ANOTHER_BADGE: (_l("Another badge"), "quiet", "award"),
    Finding.WITHOUT_SUCCESS: (_l("Without success"), "bad", "x"),
    Finding.UNDONE: (_l("Taken back"), "quiet", "x"),
    Finding.WITHDRAWN: (_l("Withdrawn"), "quiet", "x"),
    Finding.EVIDENCE_WAITING: (_l("Handed in"), "info", "send"),
    Finding.EVIDENCE_REJECTED: (_l("Evidence rejected"), "warn", "x"),
    Finding.IN_PROGRESS: (_l("In progress"), "info", "book"),
    Finding.CREDITS_MISSING: (_l("Credits missing"), "info", "book"),
    Finding.SKILL_RETIRED: (_l("Skill retired"), "quiet", "archive"),
    Finding.WOULD: (_l("Not begun"), "quiet", "circle-dashed"),
    Finding.WOULD_AT_ONCE: (_l("Only not enrolled"), "info", "circle-dashed"),
    Finding.DRAFT: (_l("Draft"), "quiet", "pencil"),
    Finding.OBJECT_RETIRED: (_l("Retired"), "quiet", "archive"),
    Finding.BADGE_RETIRED: (_l("Badge retired"), "quiet", "archive"),
}
_STAFF = {
    Finding.ACCEPTED: _l("They earned it, it was issued at Credly, and they accepted it."),
    Finding.PENDING: _l("They earned it and it was issued at Credly. They have not accepted it."),
    Finding.REJECTED: _l("They earned it and it was issued, but they turned it down at Credly."),
    Finding.EXPIRED: _l("They earned it, and it has expired since. It can be renewed."),
    Finding.GONE: _l("They earned it and it was issued, but Credly does not show it any more."),
    Finding.AT_CREDLY: _l("They earned it and it was issued at Credly."),
    Finding.ON_ITS_WAY: _l("They earned it. It is on its way to Credly and needs nobody."),
    Finding.HELD: _l("They earned it, but something holds it on its way to Credly."),
    Finding.NEEDS_PERSON: _l("They earned it, but a person has to decide how it goes on."),
    Finding.NOT_SENT: _l(
        "They earned it before the portal issued badges; it was brought in as history and is not"
        " sent by choice. Award earlier completions sends it after all."
    ),
    Finding.ALREADY_HELD: _l(
        "They earned it here as well, but had it already through something else. Both share the"
        " one badge."
    ),
    Finding.IN_PORTAL: _l("They earned it. It lives in this portal and does not go to Credly."),
    Finding.REVOKED: _l("They had it, and it was revoked."),
    Finding.CANCELLED: _l("They earned it, but it was cancelled before it left for Credly."),
    Finding.COMPLETED_RETIRED: _l(
        "They completed it, which counts, but the badge is retired and is not given any more."
    ),
    Finding.COMPLETED_EARLIER: _l(
        "They completed it before it had this badge. Award earlier completions gives it to them."
    ),
    Finding.ANOTHER_BADGE: _l("They completed it, but it gives another badge now, or none."),
    Finding.WITHOUT_SUCCESS: _l("They completed it without success, which earns nothing."),
    Finding.UNDONE: _l("They had completed it; that was taken back."),
    Finding.WITHDRAWN: _l("They left it before they completed it."),
    Finding.EVIDENCE_WAITING: _l("They handed evidence in. It waits for somebody to approve it."),
    Finding.EVIDENCE_REJECTED: _l("Their evidence was rejected; they can hand in better one."),
    Finding.IN_PROGRESS: _l("They are at it. They get the badge when what is missing is done."),
    Finding.CREDITS_MISSING: _l("They have not earned enough credits for this level yet."),
    Finding.SKILL_RETIRED: _l("The skill is retired, so nobody reaches this level any more."),
    Finding.WOULD: _l("They have not begun it. They would get the badge by completing it."),
    Finding.WOULD_AT_ONCE: _l(
        "They have done all it asks for, but are not enrolled. They would get the badge at once"
        " by enrolling."
    ),
    Finding.DRAFT: _l("It is a draft: nobody can complete it before it is published."),
    Finding.OBJECT_RETIRED: _l("It is retired: nobody can begin it any more."),
    Finding.BADGE_RETIRED: _l("The badge is retired, so completing this does not give it."),
}
_LEARNER = {
    Finding.ACCEPTED: _l("You earned it, and it is yours at Credly."),
    Finding.PENDING: _l("You earned it. Credly has issued it and waits for you to accept it."),
    Finding.REJECTED: _l("You earned it and turned it down at Credly."),
    Finding.EXPIRED: _l("You earned it, and it has expired since. You can renew it."),
    Finding.GONE: _l("You earned it, but Credly does not show it any more. Ask an administrator."),
    Finding.AT_CREDLY: _l("You earned it, and Credly has issued it."),
    Finding.ON_ITS_WAY: _l("You earned it. It is on its way to Credly; you need not do anything."),
    Finding.HELD: _l("You earned it, but something holds it on its way to Credly."),
    Finding.NEEDS_PERSON: _l(
        "You earned it. An administrator has to look at it before it can go on; they see it on"
        " their list."
    ),
    Finding.NOT_SENT: _l(
        "You earned it before the portal issued badges at Credly. It is kept here and is not sent."
    ),
    Finding.ALREADY_HELD: _l("You earned it here, too. It is one badge all the same."),
    Finding.IN_PORTAL: _l("You earned it. It lives in this portal and does not go to Credly."),
    Finding.REVOKED: _l("You had it, and it was taken back. Ask an administrator why."),
    Finding.CANCELLED: _l("You earned it, but an administrator cancelled it. Ask them why."),
    Finding.COMPLETED_RETIRED: _l(
        "You completed it, which counts, but this badge is not given any more."
    ),
    Finding.COMPLETED_EARLIER: _l(
        "You completed it before it had this badge. Ask its owner to award earlier completions."
    ),
    Finding.ANOTHER_BADGE: _l("You completed it, but it gives another badge now, or none."),
    Finding.WITHOUT_SUCCESS: _l("You completed it without success, so it gave you no badge."),
    Finding.UNDONE: _l("You had completed it; that was taken back. You can complete it again."),
    Finding.WITHDRAWN: _l("You left it before you completed it. You can enrol again."),
    Finding.EVIDENCE_WAITING: _l("You handed evidence in. Somebody is going to look at it."),
    Finding.EVIDENCE_REJECTED: _l("Your evidence was not enough. Hand in better evidence."),
    Finding.IN_PROGRESS: _l("You are at it. The badge is yours when what is missing is done."),
    Finding.CREDITS_MISSING: _l("You need more credits for this level."),
    Finding.SKILL_RETIRED: _l("This skill is retired and cannot be reached any more."),
    Finding.WOULD: _l("You have not begun it. Complete it, and the badge is yours."),
    Finding.WOULD_AT_ONCE: _l("You have done all it asks for. Enrol, and the badge is yours."),
    Finding.DRAFT: _l("It is not open yet."),
    Finding.OBJECT_RETIRED: _l("It is retired: nobody can begin it any more."),
    Finding.BADGE_RETIRED: _l("This badge is retired and is not given any more."),
}
_POLICIES = {
    Policy.LEARNER: _l("The learner marks it as complete."),
    Policy.EVIDENCE: _l("The learner hands evidence in, and an author approves it."),
    Policy.STAFF: _l("Staff record that it is completed."),
}
_OWN_POLICIES = {
    Policy.LEARNER: _l("You mark it as complete yourself."),
    Policy.EVIDENCE: _l("You hand evidence in, and an author approves it."),
    Policy.STAFF: _l("Whoever gives the course records that you have completed it."),
}


def view_of(finding: Finding) -> View:
    """The pill of a finding."""
    label, tone, icon = _PILLS[finding]
    return View(str(label), tone, icon)


def staff_words(way: Way) -> str:
    """What staff read about somebody."""
    if way.finding is Finding.HELD and way.held_because is Held.UNDO_WINDOW:
        return _("They earned it. It is held before it is sent to Credly, and can be cancelled.")
    return str(_STAFF[way.finding])


def learner_words(way: Way) -> str:
    """What a learner reads about themselves."""
    if way.finding is Finding.HELD and way.held_because is Held.NAME_NOT_USABLE:
        return _("You earned it, but your name cannot stand on a badge as it is.")
    if way.finding is Finding.HELD and way.held_because is Held.UNDO_WINDOW:
        return _("You earned it. It is kept here for a while before it goes to Credly.")
    return str(_LEARNER[way.finding])


def policy_words(way: Way, *, own: bool) -> str:
    """Who says that a course is completed, to its learner or to staff; empty for anything else."""
    course = way.source.learning_object
    policies = _OWN_POLICIES if own else _POLICIES
    return str(policies[course.policy]) if isinstance(course, Course) else ""
