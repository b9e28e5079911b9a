"""Forms about learning objects of every kind, and about their owners."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from portal.services.issuing.shelves import LONGEST_HOLD
from portal.web.forms.base import Form, PlainText, trimmed

ONE_LINE = PlainText(_l("Write it on one line, without control characters."))
LINES = PlainText(_l("Take the control characters out."), lines=True)
_LARGEST_ID = 2**31 - 1
HOLDS = {
    15: _l("15 minutes"),
    60: _l("1 hour"),
    240: _l("4 hours"),
    24 * 60: _l("1 day"),
    3 * 24 * 60: _l("3 days"),
    LONGEST_HOLD // timedelta(minutes=1): _l("7 days"),
}


class ObjectForm(Form):
    """What is written about a learning object of any kind."""

    title = StringField(
        _l("Title"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("Give it a title.")),
            Length(max=510, message=_l("Use at most 510 characters.")),
            ONE_LINE,
        ],
    )
    description = TextAreaField(
        _l("Description"),
        validators=[Length(max=5000, message=_l("Use at most 5,000 characters.")), LINES],
        description=_l("A few sentences for the catalogue: what it is about, and for whom."),
    )
    earned_again = BooleanField(
        _l("May be earned again after a revocation"),
        description=_l(
            "Somebody whose badge was revoked may take it anew and earn the badge once more."
        ),
    )

    hold_minutes = SelectField(
        _l("Hold before sending"),
        coerce=int,
        choices=[
            SelectChoice(0, _l("Off: sent at once")),
            *(SelectChoice(minutes, label) for minutes, label in HOLDS.items()),
        ],
        default=0,
        description=_l(
            "So long after it was earned the badge stays here and can be cancelled before Credly"
            " hears of it. It counts for what is earned from now on. Badges of skill levels are"
            " sent at once, unless the same completion earns the badge, too."
        ),
    )

    def words(self) -> dict[str, Any]:
        """Return what was written, for the service."""
        return {
            "title": self.title.data or "",
            "description": self.description.data or "",
            "earned_again": self.earned_again.data,
            "hold_minutes": self.hold_minutes.data,
        }


class BadgeChoiceForm(Form):
    """The badge of a learning object; 0 means none. The page draws a tile for each choice."""

    badge = RadioField(
        _l("Badge"),
        coerce=int,
        validate_choice=False,
        validators=[
            InputRequired(_l("Choose a badge, or “No badge”.")),
            NumberRange(0, _LARGEST_ID, message=_l("Choose a badge, or “No badge”.")),
        ],
    )


class OwnerForm(Form):
    """Whom to make an owner."""

    email = StringField(
        _l("Email"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("Write the e-mail address of an author.")),
            Length(max=254, message=_l("Use at most 254 characters.")),
            ONE_LINE,
        ],
        description=_l("Of somebody who may author here."),
    )
