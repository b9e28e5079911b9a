"""The card of a badge in the reader's words, as a PNG."""

from flask import Response
from flask_babel import format_date
from flask_babel import gettext as _

from portal.services.issuing.public_pages import Facts, card_of
from portal.web.filters import initials
from portal.web.means import means


def card_png(facts: Facts) -> Response:
    """Return the picture that networks show when the badge is shared."""
    png = card_of(facts, note=note_of(facts), initials=initials(facts.badge.name), means=means())
    return Response(png, content_type="image/png")


def note_of(facts: Facts) -> str:
    """What the card says below the name: when it was earned, or that it is over."""
    if facts.state == "revoked":
        return _("Revoked")
    if facts.state == "expired":
        return _("Expired")
    return _("Earned on %(day)s", day=format_date(facts.earned_at, format="d MMMM y"))
