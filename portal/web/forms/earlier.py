"""Forms about awarding earlier completions."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.web.forms.base import Form, PlainText, trimmed


class ReasonForm(Form):
    """Why it is done; kept with the name of who did it."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("Say why; the reason is kept with your name.")),
            Length(max=500, message=_l("Use at most 500 characters.")),
            PlainText(_l("Write it without control characters."), lines=True),
        ],
        description=_l("It is written down together with your name and the time."),
    )


class EarlierForm(ReasonForm):
    """Why, and whether Credly writes to the people."""

    suppress_mail = BooleanField(
        _l("Credly writes no mail about these badges"),
        description=_l(
            "Otherwise Credly tells each of them that a badge is waiting. Without the mail they"
            " find it under My badges."
        ),
    )
