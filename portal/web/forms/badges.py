"""Forms about badges."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

from portal.models import Connection
from portal.web.forms.base import Form, PlainText, trimmed

_PLAIN = PlainText(_l("Write it on one line, without control characters."))


class AddBadgeForm(Form):
    """A badge added by hand."""

    name = StringField(
        _l("Name"),
        filters=[trimmed],
        validators=[Length(max=255, message=_l("Use at most 255 characters.")), _PLAIN],
        description=_l("Leave it empty to use the name of the Credly template."),
    )
    external_badge_id = StringField(
        _l("Credly template ID"),
        filters=[trimmed],
        validators=[Length(max=100, message=_l("Use at most 100 characters.")), _PLAIN],
        description=_l("Leave it empty for a badge that lives in this portal alone."),
    )
    connection = SelectField(_l("Connection"), coerce=int)

    def offer(self, connections: list[Connection]) -> "AddBadgeForm":
        """Fill the select with what there is."""
        none = (0, _l("No connection yet (the badge is unchecked until a sync finds it)"))
        self.connection.choices = [none, *((one.id, one.name) for one in connections)]
        return self


class EditBadgeForm(Form):
    """What a person can change about a badge."""

    name = StringField(
        _l("Name"),
        filters=[trimmed],
        validators=[Length(max=255, message=_l("Use at most 255 characters.")), _PLAIN],
        description=_l("Leave it empty to follow the name of the Credly template."),
    )
    retired = BooleanField(
        _l("Retired"),
        description=_l("A retired badge cannot be earned any more; who has it keeps it."),
    )
