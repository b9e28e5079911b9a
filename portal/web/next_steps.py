"""The one next step with a badge that was earned: a sentence, and where to go if it is here."""

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import Award, Delivery, DeliveryState, Held, IssuedBadge, Kind
from portal.services.issuing.shown import ShownAward, ShownDelivery, ShownIssued
from portal.services.issuing.wallet import Standing, stands
from portal.services.learning.why import ShownSource
from portal.web.journeys import why_it_waits
from portal.web.kinds import learner_url

_ASK = _l("Ask an administrator if you wonder why.")
_WORDS = {
    Standing.ISSUED: _l("Open it to see what Credly says of it."),
    Standing.REJECTED: _l("Ask an administrator if you turned it down by mistake."),
    Standing.REVOKED: _ASK,
    Standing.GONE: _ASK,
    Standing.CANCELLED: _ASK,
}


@dataclass(frozen=True)
class NextStep:
    """What to do now; with an address, where in the portal it is done."""

    words: str
    url: str | None = None
    label: str | None = None


def next_step(
    award: Award | ShownAward,
    delivery: Delivery | ShownDelivery | None,
    source: ShownSource | None,
    now: datetime,
) -> NextStep:
    """Return the next step of the badge's owner."""
    standing, issued = stands(award, now), award.issued_badge
    if standing is Standing.ON_ITS_WAY:
        return _on_its_way(issued, delivery)
    if standing is Standing.TO_ACCEPT:
        return NextStep(_accept(issued))
    if standing is Standing.ACCEPTED:
        return NextStep(_share(issued))
    if standing is Standing.EARNED:
        words = _("It lives in this portal. Turn on its public page to share it.")
        at = url_for("learner.public_page.show", award_id=award.id)
        return NextStep(words, at, _("Public page"))
    if standing is Standing.EXPIRED:
        return _expired(source)
    return NextStep(str(_WORDS[standing]))


def when_over(award: Award, source: ShownSource | None, now: datetime) -> NextStep | None:
    """Return the next step with a badge that is past its last day; None with any other."""
    return _expired(source) if stands(award, now) is Standing.EXPIRED else None


def _on_its_way(
    issued: IssuedBadge | ShownIssued | None, delivery: Delivery | ShownDelivery | None
) -> NextStep:
    waits = why_it_waits(issued, delivery)
    if waits is None:
        return NextStep(_("Nothing to do: Credly issues it in a moment and writes you a mail."))
    held = delivery.held_because if delivery.state is DeliveryState.HELD else None
    if held is Held.NAME_NOT_USABLE:
        return NextStep(waits, url_for("learner.profile.index"), _("Profile"))
    if held is Held.OPTED_OUT:
        return NextStep(waits, url_for("learner.privacy.index"), _("Your data"))
    return NextStep(waits)


def _accept(issued: IssuedBadge | ShownIssued) -> str:
    if issued.accept_url:
        return _("Accept it at Credly to make it yours.")
    return _("Accept it with the link in the mail that Credly sent you.")


def _share(issued: IssuedBadge | ShownIssued) -> str:
    if not issued.badge_url:
        return _("Credly has not told us yet where it can be seen.")
    return _("Show it to others.") if issued.public else _("Make it public at Credly to share it.")


def _expired(source: ShownSource | None) -> NextStep:
    if source is not None and source.kind is Kind.CERTIFICATION:
        return NextStep(_("Renew the certification."), learner_url(source), _("Renew"))
    return NextStep(_("It is past its last day. What you earned stays on record."))
