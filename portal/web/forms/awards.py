"""Forms about awards and the badges issued for them."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.web.forms.base import Form, PlainText, trimmed


class RevokeForm(Form):
    """Why a badge is revoked, and whether Credly writes to its owner."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("This is needed.")),
            Length(max=500, message=_l("Use at most 500 characters.")),
            PlainText(_l("Write it without control characters."), lines=True),
        ],
        description=_l("Credly keeps it with the badge, and its owner can read it."),
    )
    suppress_mail = BooleanField(
        _l("Credly writes no mail to the owner"),
        description=_l("Otherwise Credly tells the owner that the badge was revoked."),
    )
