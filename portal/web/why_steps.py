"""The next step that *Why?* offers as a button: what is possible now, for whoever looks."""

from dataclasses import dataclass
from enum import Enum, auto

from flask import url_for
from flask_babel import gettext as _

from portal.models import Held
from portal.services.learning.why import Explanation
from portal.services.learning.why_ways import Finding, Way
from portal.web.earlier_views import earlier_url, source_url
from portal.web.kinds import author_url, learner_url


class Audience(Enum):
    """Who looks: an administrator, an owner, or the learner themselves."""

    ADMIN = auto()
    OWNER = auto()
    LEARNER = auto()


@dataclass(frozen=True)
class Step:
    """A button: what it says, and where it leads."""

    label: str
    url: str


_TO_AWARD = {
    Finding.NOT_SENT,
    Finding.COMPLETED_EARLIER,
    Finding.CANCELLED,
}
_TO_BADGE = {Finding.BADGE_RETIRED, Finding.COMPLETED_RETIRED}
_TO_DELIVERY = {Finding.ON_ITS_WAY, Finding.NEEDS_PERSON, Finding.HELD}
_TO_LEARN = {
    Finding.IN_PROGRESS,
    Finding.EVIDENCE_REJECTED,
    Finding.UNDONE,
    Finding.WITHDRAWN,
    Finding.WOULD,
    Finding.WOULD_AT_ONCE,
    Finding.EXPIRED,
}
_TO_ENROL = {Finding.WOULD, Finding.WOULD_AT_ONCE, Finding.WITHDRAWN}
_TO_EVIDENCE = {Finding.EVIDENCE_WAITING, Finding.EVIDENCE_REJECTED}


def step_of(way: Way, told: Explanation, audience: Audience) -> Step | None:
    """Return the next step on one way; None when there is nothing to do for them."""
    if audience is Audience.LEARNER:
        return _learners(way)
    if way.finding in _TO_AWARD:
        url = earlier_url(way.source, q=told.person.email)
        return Step(_("Award earlier completions"), url)
    if way.finding in _TO_EVIDENCE and way.evidence is not None:
        return Step(_("Look at the evidence"), f"{_home('author')}evidence/{way.evidence.id}")
    if audience is Audience.ADMIN and (found := _admins(way, told)):
        return found
    return _owners(way)


def _admins(way: Way, told: Explanation) -> Step | None:
    if way.finding in _TO_BADGE:
        return Step(_("Open the badge"), url_for("admin.badges.edit", badge_id=told.badge.id))
    if way.finding is Finding.GONE:
        return Step(_("Balance the books"), url_for("admin.books.index"))
    if way.finding is Finding.HELD and (found := _obstacle(way, told)):
        return found
    if way.finding in _TO_DELIVERY and way.delivery is not None:
        url = url_for("admin.deliveries.show", delivery_id=way.delivery.id)
        return Step(_("Open the delivery"), url)
    if way.award is not None:
        return Step(_("Open the award"), url_for("admin.awards.show", award_id=way.award.id))
    return None


def _obstacle(way: Way, told: Explanation) -> Step | None:
    """Where what holds a delivery is removed."""
    because, badge = way.held_because, told.badge
    if because is Held.NAME_NOT_USABLE:
        url = url_for("admin.people.show", person_id=told.person.id)
        return Step(_("Correct the name"), url)
    if because in {Held.CONNECTION_HELD, Held.CONNECTION_PAUSED} and badge.connection_id:
        url = url_for("admin.credly.show", connection_id=badge.connection_id)
        return Step(_("Open the connection"), url)
    if because in {Held.NO_CONNECTION, Held.TEMPLATE_NOT_ACTIVE}:
        return Step(_("Open the badge"), url_for("admin.badges.show", badge_id=badge.id))
    return None


def _owners(way: Way) -> Step | None:
    one = way.source.learning_object
    if one is None:
        return Step(_("Open the skill"), source_url(way.source))
    if way.finding in _TO_ENROL:
        return Step(_("Enrol people"), f"{author_url(one)}/learners/enrol")
    if way.finding is Finding.DRAFT:
        return Step(_("Publish"), author_url(one))
    return Step(_("See its learners"), f"{author_url(one)}/learners")


def _learners(way: Way) -> Step | None:
    if way.finding is Finding.HELD and way.held_because is Held.NAME_NOT_USABLE:
        return Step(_("Write your name"), url_for("learner.profile.index"))
    one = way.source.learning_object
    if one is not None and way.finding in _TO_LEARN:
        label = _("Enrol") if way.finding in _TO_ENROL else _("Go on")
        return Step(label, learner_url(one))
    if way.finding is Finding.CREDITS_MISSING:
        return Step(_("See your skills"), f"{_home('learner')}skills")
    if way.award is not None:
        return Step(_("Open the badge"), url_for("learner.badges.show", award_id=way.award.id))
    return None


def _home(area: str) -> str:
    return url_for(f"{area}.home.index")
