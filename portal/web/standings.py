"""Where a badge that was earned stands, as its pill says it to its owner."""

from collections.abc import Mapping

from portal.clock import utc_now
from portal.models import Award, AwardState
from portal.services.issuing.marks import NONE, Marks
from portal.services.issuing.shown import ShownAward
from portal.services.issuing.wallet import Standing, stands
from portal.web.language import in_each_language
from portal.web.saying import day
from portal.web.saying import gettext as _
from portal.web.states import View

# The order in which a list of badges offers them.
_LOOKS = {
    Standing.TO_ACCEPT: ("info", "mail"),
    Standing.ON_ITS_WAY: ("info", "send"),
    Standing.ACCEPTED: ("good", "circle-check"),
    Standing.EARNED: ("good", "circle-check"),
    Standing.ISSUED: ("info", "send"),
    Standing.EXPIRED: ("bad", "clock"),
    Standing.REJECTED: ("bad", "x"),
    Standing.REVOKED: ("bad", "x"),
    Standing.GONE: ("warn", "alert-triangle"),
    Standing.CANCELLED: ("quiet", "x"),
}
ENDING = {Standing.ACCEPTED, Standing.EARNED}


@in_each_language
def views() -> dict[Standing, View]:
    """Return what a pill says of each standing."""
    words = {
        Standing.TO_ACCEPT: _("Issued – waiting for you to accept"),
        Standing.ON_ITS_WAY: _("On its way to Credly"),
        Standing.ACCEPTED: _("Accepted"),
        Standing.EARNED: _("Earned"),
        Standing.ISSUED: _("Issued"),
        Standing.EXPIRED: _("Expired"),
        Standing.REJECTED: _("Rejected"),
        Standing.REVOKED: _("Revoked"),
        Standing.GONE: _("No longer at Credly"),
        Standing.CANCELLED: _("Cancelled"),
    }
    return {one: View(words[one], *look) for one, look in _LOOKS.items()}


def earned(award: Award | ShownAward, marks: Marks = NONE) -> View:
    """What somebody earned. `marks`, for staff alone: what they are told and a learner is not."""
    issued = award.issued_badge
    if award.state is AwardState.EARNED:
        if award.id in marks.not_sent:
            return View(_("Not sent by choice"), "quiet", "archive")
        if award.id in marks.second:
            return already_held()
        if issued is not None and issued.id in marks.held:
            return View(_("Held before sending"), "info", "clock")
    return view_of(award, stands(award, utc_now()), views())


def already_held() -> View:
    """What a badge says that somebody had already, through something else."""
    return View(_("Already held"), "good", "circle-check")


def view_of(award: Award | ShownAward, standing: Standing, plain: Mapping[Standing, View]) -> View:
    """Say how the award stands, by words that are at hand: a badge that ends says when."""
    issued = award.issued_badge
    ends = issued.expires_at if issued else award.expires_at
    if ends is None or standing not in ENDING:
        return plain[standing]
    return View(_("Expires %(day)s", day=day(ends)), *_LOOKS[standing])


FILTERS = (earned,)
