"""Forms about erasing a person."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.web.forms.base import Form, PlainText, trimmed


class AskErasureForm(Form):
    """The first step: who asked for it, and when."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("This is needed.")),
            Length(max=500, message=_l("Use at most 500 characters.")),
            PlainText(_l("Take the control characters out."), lines=True),
        ],
        description=_l("Who asked for it and when. It is kept without names, so write none."),
    )


class EraseForm(Form):
    """The second step, for good."""

    revoke = RadioField(
        _l("Their badges at Credly"),
        choices=[
            SelectChoice("no", _l("Leave them: they are in the person's own account")),
            SelectChoice("yes", _l("Revoke them at Credly, as the person wished")),
        ],
        validators=[InputRequired(_l("Say what shall become of them."))],
    )
    email = StringField(
        _l("Type the person's e-mail address to confirm"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("This is needed.")),
            Length(max=254, message=_l("Use at most 254 characters.")),
        ],
    )
