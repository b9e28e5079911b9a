"""Forms about deliveries."""

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.web.forms.base import Form, trimmed


class NumberForm(Form):
    """The number of deliveries that somebody means, typed to confirm it."""

    number = StringField(
        _l("How many"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("This is needed.")),
            Length(max=12, message=_l("Type the number alone.")),
        ],
        description=_l("Type the number to confirm it."),
    )
