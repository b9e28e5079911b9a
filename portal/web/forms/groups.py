"""Forms about groups and about choosing people."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.models import Group
from portal.web.forms.base import Form, PlainText, trimmed

_ONE_LINE = PlainText(_l("Write it on one line, without control characters."))
_LINES = PlainText(_l("Take the control characters out."), lines=True)
LONGEST_LIST = 200_000


class GroupForm(Form):
    """What a group is called."""

    name = StringField(
        _l("Name"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("Give the group a name.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
            _ONE_LINE,
        ],
    )
    description = TextAreaField(
        _l("Description"),
        validators=[Length(max=2000, message=_l("Use at most 2,000 characters.")), _LINES],
        description=_l("Optional: who belongs in it."),
    )


class PeopleForm(Form):
    """People by their pasted addresses; those ticked in a list come beside it."""

    emails = TextAreaField(
        _l("E-mail addresses"),
        validators=[
            Length(max=LONGEST_LIST, message=_l("This is too much at once. Paste a part of it.")),
            _LINES,
        ],
        description=_l("One on each line, or with commas between them. Up to 2,000 at a time."),
    )


class GroupChoice(PeopleForm):
    """The same, or a whole group."""

    group = SelectField(_l("Group"), coerce=int, default=0)

    def offer(self, groups: Sequence[Group]) -> "GroupChoice":
        """Fill the select with the groups that there are."""
        self.group.choices = [(0, _l("No group")), *((one.id, one.name) for one in groups)]
        return self
