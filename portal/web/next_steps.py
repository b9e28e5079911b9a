"""The one next step with a badge that was earned: a sentence, and where to go if it is here."""

from datetime import datetime
from typing import NamedTuple

from flask import url_for

from portal.models import Award, Delivery, DeliveryState, Held, IssuedBadge, Kind
from portal.services.issuing.shown import ShownAward, ShownDelivery, ShownIssued
from portal.services.issuing.wallet import Standing, stands
from portal.services.learning.why import ShownSource
from portal.web.journeys import why_it_waits
from portal.web.kinds import learner_url
from portal.web.language import in_each_language
from portal.web.saying import gettext as _


class NextStep(NamedTuple):
    """What to do now; with an address, where in the portal it is done.

    `soon` says that it changes in a moment by itself.
    """

    words: str
    url: str | None = None
    label: str | None = None
    soon: bool = False


@in_each_language
def plain_steps() -> dict[Standing, NextStep]:
    """Return the steps that are the same with every badge that stands so."""
    ask = NextStep(_("Ask an administrator if you wonder why."))
    return {
        Standing.ISSUED: NextStep(_("Open it to see what Credly says of it.")),
        Standing.REJECTED: NextStep(_("Ask an administrator if you turned it down by mistake.")),
        Standing.REVOKED: ask,
        Standing.GONE: ask,
        Standing.CANCELLED: ask,
    }


def next_step(award: ShownAward, standing: Standing, source: ShownSource | None) -> NextStep:
    """Return the next step of the owner with a badge that stands so, of the others."""
    issued = award.issued_badge
    if standing is Standing.ON_ITS_WAY:
        return _on_its_way(issued, award.delivery)
    if standing is Standing.TO_ACCEPT:
        return NextStep(_accept(issued))
    if standing is Standing.ACCEPTED:
        return NextStep(_share(issued))
    if standing is Standing.EXPIRED:
        return _expired(source)
    words = _("It lives in this portal. Turn on its public page to share it.")
    at = url_for("learner.public_page.show", award_id=award.id)
    return NextStep(words, at, _("Public page"))


def when_over(award: Award, source: ShownSource | None, now: datetime) -> NextStep | None:
    """Return the next step with a badge that is past its last day, accepted or not; else None."""
    issued, standing = award.issued_badge, stands(award, now)
    missed = standing is Standing.TO_ACCEPT and issued.expires_at and issued.expires_at <= now
    return _expired(source) if missed or standing is Standing.EXPIRED else None


def what_holds(issued: IssuedBadge | None, delivery: Delivery | None) -> NextStep | None:
    """Return why nothing moves and where its owner can mend it; None while all goes its way."""
    return _on_its_way(issued, delivery) if why_it_waits(issued, delivery) else None


def _on_its_way(issued: ShownIssued | None, delivery: ShownDelivery | None) -> NextStep:
    waits = why_it_waits(issued, delivery)
    if waits is None:
        words = _("Nothing to do: Credly issues it in a moment and writes you a mail.")
        return NextStep(words, soon=True)
    held = delivery.held_because if delivery.state is DeliveryState.HELD else None
    if held is Held.NAME_NOT_USABLE:
        return NextStep(waits, url_for("learner.profile.index"), _("Profile"))
    if held is Held.OPTED_OUT:
        return NextStep(waits, url_for("learner.privacy.index"), _("Your data"))
    return NextStep(waits)


def _accept(issued: ShownIssued) -> str:
    if issued.accept_url:
        return _("Accept it at Credly to make it yours.")
    return _("Accept it with the link in the mail that Credly sent you.")


def _share(issued: ShownIssued) -> str:
    if not issued.badge_url:
        return _("Credly has not told us yet where it can be seen.")
    return _("Show it to others.") if issued.public else _("Make it public at Credly to share it.")


def _expired(source: ShownSource | None) -> NextStep:
    if source is not None and source.kind is Kind.CERTIFICATION:
        return NextStep(_("Renew the certification."), learner_url(source), _("Renew"))
    return NextStep(_("It is past its last day. What you earned stays on record."))
