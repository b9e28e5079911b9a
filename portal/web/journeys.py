"""How far a learner has come: with a course, and with a badge on its way to Credly."""

import hashlib
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.clock import utc_now
from portal.models import (
    Award,
    AwardState,
    CredlyState,
    Decision,
    Delivery,
    DeliveryState,
    Enrolment,
    EnrolmentState,
    Evidence,
    Held,
    IssuedBadge,
)
from portal.services.issuing.holding import is_held
from portal.services.issuing.marks import NONE, Marks
from portal.web.standings import earned
from portal.web.states import View, until

_ENROLMENT = {
    EnrolmentState.ENROLLED: (_l("Enrolled"), "info", "book"),
    EnrolmentState.IN_PROGRESS: (_l("In progress"), "info", "book"),
    EnrolmentState.SUBMITTED: (_l("Handed in"), "info", "send"),
    EnrolmentState.COMPLETED: (_l("Completed"), "good", "circle-check"),
    EnrolmentState.WITHDRAWN: (_l("Withdrawn"), "quiet", "x"),
}
_DECISIONS = {
    Decision.WAITING: (_l("Waits for approval"), "info", "clock"),
    Decision.APPROVED: (_l("Approved"), "good", "circle-check"),
    Decision.REJECTED: (_l("Rejected"), "bad", "x"),
}
EARNED, ON_ITS_WAY, ISSUED, ACCEPTED = range(4)


@dataclass(frozen=True)
class Step:
    """One station on the way of a badge; `place` is behind, here or ahead."""

    words: str
    place: str
    icon: str


def enrolment_state(enrolment: Enrolment) -> View:
    """How far somebody is with a learning object."""
    if enrolment.done and enrolment.success is False:
        return View(_("Completed without success"), "quiet", "circle-x")
    if enrolment.expires_at is not None and enrolment.expires_at <= utc_now():
        return View(_("Expired"), "bad", "clock")
    label, tone, icon = _ENROLMENT[enrolment.state]
    return View(str(label), tone, icon)


def decision_state(evidence: Evidence) -> View:
    """What came of something that was handed in."""
    label, tone, icon = _DECISIONS[evidence.decision]
    return View(str(label), tone, icon)


def earned_by_somebody(award: Award, marks: Marks = NONE) -> View:
    """Staff's view of what a learner earned: the same, but nobody is told to accept it."""
    issued, view = award.issued_badge, earned(award, marks)
    pending = issued is not None and issued.state == CredlyState.PENDING and not issued.gone_at
    if award.state is AwardState.EARNED and pending and award.id not in marks.second:
        return View(_("Issued – not accepted yet"), view.tone, view.icon)
    return view


def way_of(award: Award) -> list[Step]:
    """Return the stations of a badge from earned to accepted, and which one it is at.

    What ended otherwise shows its own word in the place where it ended.
    """
    labels = [_("Earned"), _("On its way to Credly"), _("Issued"), _("Accepted")]
    if award.issued_badge is None:
        labels = labels[:1]
    here = _station(award.issued_badge)
    if _ended_otherwise(award):
        labels[here:] = [earned(award).words]  # nothing lies ahead any more
    return [_step(words, number, here, award) for number, words in enumerate(labels)]


def _step(words: str, number: int, here: int, award: Award) -> Step:
    if number == here:
        return Step(words, "here", earned(award).icon or "circle-check")
    return Step(words, *(("behind", "check") if number < here else ("ahead", "circle-dashed")))


def _station(issued: IssuedBadge | None) -> int:
    if issued is None:
        return EARNED
    if issued.state is None:
        return ON_ITS_WAY
    decided = issued.state in set(CredlyState) - {CredlyState.PENDING}
    return ACCEPTED if decided or issued.gone_at else ISSUED


def _ended_otherwise(award: Award) -> bool:
    issued = award.issued_badge
    if award.state is not AwardState.EARNED or issued is None:
        return award.state is not AwardState.EARNED
    return bool(issued.gone_at) or issued.state in {CredlyState.REJECTED, CredlyState.REVOKED}


def still_moving(award: Award) -> bool:
    """Whether the page of this award should look again by itself."""
    issued = award.issued_badge
    if award.state is not AwardState.EARNED or issued is None or issued.gone_at:
        return False
    return issued.state in {None, CredlyState.PENDING}


def shown_key(award: Award, delivery: Delivery | None) -> str:
    """Return a word that changes exactly when the page of this award would say something else."""
    issued = award.issued_badge
    parts: list[object] = [award.state.value]
    if issued is not None:
        parts += [issued.state, issued.public, bool(issued.gone_at), issued.badge_url]
        parts += [issued.accept_url, issued.expires_at]
    if delivery is not None:
        parts += [delivery.held_because, delivery.state is DeliveryState.NEEDS_PERSON]
    text = "|".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def why_it_waits(issued: IssuedBadge | None, delivery: Delivery | None) -> str | None:
    """Tell a learner in plain words why nothing moves, and what they can do about it, if anything.

    None while all goes its way.
    """
    if issued is None or issued.state is not None or delivery is None:
        return None
    if delivery.state is DeliveryState.NEEDS_PERSON:
        return _(
            "An administrator has to look at this badge before it can go on. They see it on their"
            " list; you need not do anything."
        )
    if is_held(delivery) and delivery.held_until:
        return _(
            "It stays here until %(when)s, so that it can still be taken back, and then goes to"
            " Credly by itself.",
            when=until(delivery),
        )
    return _why_held(delivery.held_because) if delivery.state is DeliveryState.HELD else None


def _why_held(because: Held | None) -> str:
    if because is Held.NAME_NOT_USABLE:
        return _(
            "Your name cannot stand on a badge as it is. Write your first and last name in your"
            " profile, and the badge goes on. If it is your real name, ask an administrator to say"
            " so."
        )
    if because is Held.OPTED_OUT:
        return _("You chose that your badges are not sent to Credly, so this one stays here.")
    return _(
        "The connection to Credly or the badge there is not ready at the moment. An administrator"
        " can mend that; your badge is kept and goes on by itself then."
    )
