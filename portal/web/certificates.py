"""The words of a certificate in the reader's language."""

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from portal.clock import utc_now
from portal.colours import deep, triple
from portal.models import Award, PublicPage
from portal.services.issuing import public_pages
from portal.services.issuing.proofs import Certificate
from portal.web.filters import initials
from portal.web.means import means


def words_for(award: Award, page: PublicPage | None) -> Certificate:
    """Return what stands on the certificate of an award; `page` is its public page, if any."""
    facts = public_pages.facts_of(award, means(), utc_now())
    verify = facts.credly_url or public_pages.address_of(page, means())
    key = facts.badge.picture
    lines = [(_("Issued by"), facts.issuer), (_("Earned on"), _day(facts.earned_at))]
    if facts.expires_at:
        lines.append((_("Expires"), _day(facts.expires_at)))
    if facts.state == "revoked":
        lines.append((_("State"), _("Revoked")))
    if verify:
        lines.append((_("Verify it at"), verify))
    return Certificate(
        heading=_("Certificate"),
        holder=facts.holder,
        sentence=_("has earned the badge"),
        badge=facts.badge.name,
        facts=tuple(lines),
        initials=initials(facts.badge.name),
        picture=means().pictures.path(key) if key else None,
        language=str(get_locale() or "en"),
        made_at=award.earned_at,
        colour=triple(deep(means().known.now.brand)),
        logo=means().printed_logo(),
    )


def _day(moment) -> str:
    return format_date(moment, format="d MMMM y")
