"""The words of sharing: LinkedIn's fields in the order of its form, and the e-mail to friends."""

from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _

from portal.models import Award
from portal.services.issuing.sharing import LinkedInFields, Share, mail_address


@dataclass(frozen=True)
class CopyField:
    """A value to be copied into LinkedIn's form; without one, `value` only tells why."""

    label: str
    value: str
    copied: bool = True


def rows_of(fields: LinkedInFields) -> list[CopyField]:
    """Return LinkedIn's fields in its own order."""
    ends = fields.expiration_year and _month(fields.expiration_year, fields.expiration_month or 1)
    return [
        CopyField(_("Name"), fields.name),
        CopyField(_("Issuing organization"), fields.organization_name),
        CopyField(_("Issue date"), _month(fields.issue_year, fields.issue_month)),
        CopyField(_("Expiration date"), ends or _("Leave empty: it does not expire."), bool(ends)),
        CopyField(_("Credential ID"), fields.cert_id),
        CopyField(_("Credential URL"), fields.cert_url),
    ]


def mail_of(award: Award, share: Share | None) -> str | None:
    """Return a mailto: address that tells of the badge; None when there is nothing to show."""
    if share is None:
        return None
    subject = _("My badge: %(badge)s", badge=award.badge.name)
    body = _("I have earned the badge %(badge)s. See it here:", badge=award.badge.name)
    return mail_address(subject, f"{body}\n\n{share.url}")


def _month(year: int, month: int) -> str:
    return format_date(date(year, month, 1), format="MMMM y", rebase=False)
