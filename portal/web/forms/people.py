"""Forms about people: their name and roles, how they sign in, what they decide themselves."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    EmailField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.errors import RuleBroken
from portal.models import Role, Theme
from portal.services.people import people
from portal.web.forms.base import ByRule, Form, PlainText, trimmed
from portal.web.language import languages, own_name

ROLES = (
    (Role.ADMIN.value, _l("Administrator")),
    (Role.INTEGRATION_ADMIN.value, _l("Integration administrator")),
    (Role.AUTHOR.value, _l("Author")),
)
_NEEDED = InputRequired(_l("This is needed."))
_PLAIN = PlainText(_l("Write it on one line, without control characters."))
_READABLE = ByRule(lambda text: people.plain_name(text, "name"))
_NAME = (_NEEDED, Length(max=100, message=_l("Use at most 100 characters.")), _PLAIN, _READABLE)
_EMAIL = (_NEEDED, Length(max=254, message=_l("Use at most 254 characters.")), _PLAIN)
_USABLE_EMAIL = (*_EMAIL, ByRule(people.plain_email))
_PASSWORD_HINT = _l("At least 12 characters. Several words that mean something to you work well.")


class PersonForm(Form):
    """Who somebody is and what they may do."""

    first_name = StringField(_l("First name"), filters=[trimmed], validators=_NAME)
    last_name = StringField(_l("Last name"), filters=[trimmed], validators=_NAME)
    email = EmailField(
        _l("Email"),
        filters=[trimmed],
        validators=_USABLE_EMAIL,
        description=_l("They sign in with it, and Credly sends their badges to it."),
    )
    roles = SelectMultipleField(
        _l("Roles"),
        choices=[SelectChoice(*role) for role in ROLES],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Everybody is a learner as well; somebody without a role is only that."),
    )

    came_back = BooleanField(
        _l("They were erased here and asked to come back"),
        description=_l("Only for somebody whose data was erased; leave it empty otherwise."),
    )
    was_erased = False  # whether that tick is what helps

    def take(self, broken: RuleBroken) -> None:
        """Show what a service said; offer the tick to somebody who was erased, and to no other."""
        super().take(broken)
        self.was_erased = broken.message.code == "was_erased"

    def chosen_roles(self) -> set[Role]:
        """Return the roles that are ticked."""
        return {Role(value) for value in self.roles.data or ()}


class SignInForm(Form):
    """E-mail and password, and no hint which of the two was wrong."""

    email = EmailField(_l("Email"), filters=[trimmed], validators=_EMAIL)
    password = PasswordField(_l("Password"), validators=[_NEEDED])


class SetupForm(Form):
    """The first administrator."""

    code = StringField(
        _l("One-time code"),
        filters=[trimmed],
        validators=[_NEEDED, Length(max=200, message=_l("Use at most 200 characters.")), _PLAIN],
        description=_l("The portal printed it on its console when it started."),
    )
    email = EmailField(_l("Email"), filters=[trimmed], validators=_USABLE_EMAIL)
    first_name = StringField(_l("First name"), filters=[trimmed], validators=_NAME)
    last_name = StringField(_l("Last name"), filters=[trimmed], validators=_NAME)
    password = PasswordField(_l("Password"), validators=[_NEEDED], description=_PASSWORD_HINT)


class InvitationForm(Form):
    """The password of somebody who was invited."""

    password = PasswordField(_l("Password"), validators=[_NEEDED], description=_PASSWORD_HINT)


class NewPasswordForm(Form):
    """Another password, by somebody who knows the present one."""

    old_password = PasswordField(_l("Present password"), validators=[_NEEDED])
    password = PasswordField(_l("New password"), validators=[_NEEDED], description=_PASSWORD_HINT)


class ForgottenForm(Form):
    """Whose password is forgotten."""

    email = EmailField(_l("Email"), filters=[trimmed], validators=_EMAIL)


class NameForm(Form):
    """The name that stands on badges."""

    first_name = StringField(_l("First name"), filters=[trimmed], validators=_NAME)
    last_name = StringField(_l("Last name"), filters=[trimmed], validators=_NAME)


class SignInEmailForm(Form):
    """Another address to sign in with, by somebody who knows the password."""

    email = EmailField(_l("New email"), filters=[trimmed], validators=_EMAIL)
    password = PasswordField(_l("Present password"))


class BadgeEmailForm(Form):
    """Where Credly sends badges, by somebody who knows the password."""

    email = EmailField(
        _l("Email for badges"),
        filters=[trimmed],
        validators=_EMAIL[1:],
        description=_l("Leave it empty to get badges where you sign in."),
    )
    password = PasswordField(_l("Present password"))


class CodeForm(Form):
    """A code that came by mail."""

    code = StringField(
        _l("Code"),
        filters=[trimmed],
        validators=[_NEEDED, Length(max=40, message=_l("Use at most 40 characters.")), _PLAIN],
    )


class PasswordForm(Form):
    """The present password, or without one a code of the second factor, before something that
    must not happen by chance."""

    password = PasswordField(_l("Present password"))
    code = StringField(
        _l("Code"),
        filters=[trimmed],
        validators=[Length(max=40, message=_l("Use at most 40 characters."))],
        description=_l("Of your app, or a recovery code."),
    )


class ProfileForm(Form):
    """How a person wants the portal to be."""

    language = SelectField(
        _l("Language"),
        choices=lambda: [
            SelectChoice("", _l("As in my browser")),
            *(SelectChoice(one, own_name(one)) for one in languages()),
        ],
    )
    theme = SelectField(
        _l("Theme"),
        choices=[
            SelectChoice(Theme.SYSTEM.value, _l("System")),
            SelectChoice(Theme.LIGHT.value, _l("Light")),
            SelectChoice(Theme.DARK.value, _l("Dark")),
        ],
        description=_l("System follows the colours that your device uses."),
    )
    credly_profile = StringField(
        _l("Credly profile"),
        filters=[trimmed],
        validators=[Length(max=400, message=_l("Use at most 400 characters.")), _PLAIN],
        description=_l(
            "The address of your profile at Credly, if you have one already. Once you accept a"
            " badge the portal finds it by itself."
        ),
    )
