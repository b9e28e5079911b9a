"""Forms about connections to Credly."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.web.forms.base import Form, PlainText, trimmed

_NEEDED = InputRequired(_l("This is needed."))
_PLAIN = PlainText(_l("Write it on one line, without control characters."))


class NameForm(Form):
    """The part that creating and editing share."""

    name = StringField(
        _l("Connection Name"),
        filters=[trimmed],
        validators=[_NEEDED, Length(max=100, message=_l("Use at most 100 characters.")), _PLAIN],
        description=_l("A name of your own, for example “Harbour Institute, production”."),
    )


class ConnectForm(NameForm):
    """The four fields with which Credly is connected."""

    organization_id = StringField(
        _l("Organization ID"),
        filters=[trimmed],
        validators=[_NEEDED, Length(max=100, message=_l("Use at most 100 characters.")), _PLAIN],
        description=_l("At Credly under Organization Details: 36 characters."),
    )
    token = PasswordField(
        _l("Authorization Token"),
        validators=[_NEEDED, Length(max=500, message=_l("Use at most 500 characters."))],
        description=_l(
            "At Credly under Developers, Authorization Tokens. It is stored sealed and never shown"
            " again."
        ),
    )
    hostname = StringField(
        _l("Hostname"),
        filters=[trimmed],
        default="api.credly.com",
        validators=[_NEEDED, Length(max=253, message=_l("Use at most 253 characters.")), _PLAIN],
        description=_l("api.credly.com, or sandbox-api.credly.com for Credly's sandbox."),
    )


class EditForm(NameForm):
    """What can be changed without asking Credly."""

    linked_in_organization_id = StringField(
        _l("LinkedIn organization ID"),
        filters=[trimmed],
        validators=[Length(max=40, message=_l("Use at most 40 characters.")), _PLAIN],
        description=_l(
            "The number of your organization's LinkedIn page. Learners who add the badge to their"
            " profile then show your logo."
        ),
    )
    linked_in_organization_name = StringField(
        _l("LinkedIn organization name"),
        filters=[trimmed],
        validators=[Length(max=255, message=_l("Use at most 255 characters.")), _PLAIN],
        description=_l("Used where no number is given."),
    )


class TokenForm(Form):
    """A new token for a connection."""

    token = PasswordField(
        _l("Authorization Token"),
        validators=[_NEEDED, Length(max=500, message=_l("Use at most 500 characters."))],
        description=_l("The new token is tested first; the old one is kept if Credly refuses it."),
    )
    password = PasswordField(_l("Present password"))
