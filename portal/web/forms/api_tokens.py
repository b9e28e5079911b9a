"""The form with which somebody makes a token for another system."""

from collections.abc import Collection

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.models import Scope
from portal.services.people.api_tokens import DAYS
from portal.web.forms.base import Form, PlainText, trimmed

_PLAIN = PlainText(_l("Write it on one line, without control characters."))
SCOPES = {
    Scope.COMPLETIONS_WRITE: _l("Record completions"),
    Scope.PEOPLE_READ: _l("Read people"),
    Scope.OBJECTS_READ: _l("Read learning objects"),
    Scope.AWARDS_READ: _l("Read awards"),
}
LIVES = (_l("30 days"), _l("90 days"), _l("180 days"), _l("365 days"))


class ApiTokenForm(Form):
    """What the token is called, what it is good for, and for how long."""

    name = StringField(
        _l("Name"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("This is needed.")),
            Length(max=100, message=_l("Use at most 100 characters.")),
            _PLAIN,
        ],
        description=_l("For instance the system that will use it."),
    )
    scopes = SelectMultipleField(
        _l("Good for"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("As little as the other system needs."),
    )
    days = SelectField(
        _l("Works for"),
        choices=[SelectChoice(str(n), words) for n, words in zip(DAYS, LIVES, strict=True)],
        default="90",
        description=_l("Then it ends by itself, and another has to be made."),
    )
    password = PasswordField(_l("Present password"))

    def offer(self, scopes: Collection[Scope]) -> "ApiTokenForm":
        """Offer what the person may give."""
        self.scopes.choices = [
            SelectChoice(one.value, words) for one, words in SCOPES.items() if one in scopes
        ]
        return self

    def chosen(self) -> set[Scope]:
        """Return the scopes that are ticked."""
        return {Scope(one) for one in self.scopes.data or ()}
