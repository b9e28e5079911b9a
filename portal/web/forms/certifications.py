"""Forms about certifications."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.services.learning.certifications import MOST_MONTHS, MOST_RENEWAL_DAYS
from portal.web.forms.base import WholeNumber
from portal.web.forms.objects import ObjectForm

PERPETUAL, RECURRING = "perpetual", "recurring"


def _asked_when_recurring(form: ObjectForm, field: WholeNumber) -> None:
    if form.validity.data == RECURRING and field.data is None and not field.errors:
        raise ValidationError(_l("Write for how many months it is valid."))


class CertificationForm(ObjectForm):
    """What an author writes about a certification; its courses have a page of their own."""

    external = BooleanField(
        _l("External certification"),
        description=_l(
            "The learner hands in proof from elsewhere (PDF, PNG or JPEG), and an owner or"
            " administrator approves it. It has no courses."
        ),
    )
    validity = RadioField(
        _l("Validity"),
        choices=[
            SelectChoice(PERPETUAL, _l("Perpetual: it never ends")),
            SelectChoice(RECURRING, _l("Recurring: it ends and has to be renewed")),
        ],
        default=PERPETUAL,
    )
    validity_months = WholeNumber(
        _l("Valid for how many months"),
        least=1,
        most=MOST_MONTHS,
        message=_l("Write a whole number of months from 1 to 240."),
        validators=[_asked_when_recurring],
        description=_l("1 to 240, for a recurring one. Calendar months are counted."),
    )
    renewal_days = WholeNumber(
        _l("May be renewed how many days before its end"),
        least=0,
        most=MOST_RENEWAL_DAYS,
        message=_l("Write a whole number of days from 0 to 3650."),
        default=60,
        description=_l("For a recurring one. After its end it can always be renewed."),
    )

    def words(self) -> dict[str, Any]:
        """Return what was written, for the service."""
        recurring = self.validity.data == RECURRING
        days = self.renewal_days.data
        return super().words() | {
            "external": self.external.data,
            "validity_months": self.validity_months.data if recurring else None,
            "renewal_days": 60 if days is None else days,
        }
