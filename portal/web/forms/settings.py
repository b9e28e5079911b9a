"""The form about the portal itself."""

from collections.abc import Collection
from typing import Self

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Regexp

from portal.services.running import portal_settings
from portal.services.running.known import PortalSettings
from portal.web.forms.base import Form, PlainText, trimmed

_COLOUR = _l("Write the colour as # and six digits, such as #2b5fb4.")


class SettingsForm(Form):
    """Name, logo, colour and time zone; what the environment says is no field of it."""

    name = StringField(
        _l("Name"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("Give the portal a name.")),
            Length(max=60, message=_l("Use at most 60 characters.")),
            PlainText(_l("Write it on one line, without control characters.")),
        ],
        description=_l("It stands on every page and in every mail."),
    )
    logo = FileField(
        _l("Logo"),
        description=_l(
            "A PNG, JPEG or GIF of at most 4 MiB. It takes the place of the rosette in the header,"
            " and stands on cards and certificates. It is shown on a light ground, also in the dark"
            " theme."
        ),
    )
    without_logo = BooleanField(_l("Remove the logo"))
    brand = StringField(
        _l("Brand colour"),
        filters=[trimmed],
        validators=[
            DataRequired(_COLOUR),
            Regexp(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", message=_COLOUR),
        ],
        description=_l("As # and six digits, such as #2b5fb4. For links, buttons and the rosette."),
    )
    time_zone = SelectField(
        _l("Time zone"),
        description=_l("Days, weeks and months are counted in it, and times are shown in it."),
    )

    @classmethod
    def of(cls, known: PortalSettings, fixed: Collection[str]) -> Self:
        """Make the form of what is in force, without the fields that are fixed."""
        zone = known.time_zone.key
        form = cls(data={"name": known.name, "brand": known.brand, "time_zone": zone})
        form.time_zone.choices = [(one, one) for one in portal_settings.time_zones(zone)]
        if "logo" in fixed or known.logo is None:
            del form.without_logo
        for field in fixed:
            del form[field]
        return form

    def wanted(self) -> dict:
        """Return what was sent, as the use case takes it."""
        sent = request.files.get("logo")
        return {
            **{name: self[name].data if name in self else "" for name in _TEXTS},
            "logo": sent.stream if sent and sent.filename else None,
            "without_logo": "without_logo" in self and self.without_logo.data,
        }


_TEXTS = ("name", "brand", "time_zone")
