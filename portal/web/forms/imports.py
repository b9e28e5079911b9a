"""Forms about imports."""

from collections.abc import Sequence
from typing import Self

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.messages import say
from portal.models import Connection
from portal.web.forms.base import Form
from portal.wording import words


class FileForm(Form):
    """A form with one file."""

    def validate_file(self, field: Field) -> None:
        """Take exactly one file that has a name. What type the browser says it has is ignored."""
        sent = request.files.getlist(field.name)
        if len(sent) > 1 or len(list(request.files.items(multi=True))) > 1:
            raise ValidationError(words(say("import_one_file")))
        if not sent or not sent[0].filename:
            raise ValidationError(words(say("import_choose_file")))


class PeopleImportForm(FileForm):
    """The file with the people."""

    file = FileField(
        _l("people.csv"),
        description=_l("CSV in UTF-8, with a comma, semicolon or tab between the columns."),
    )


class ConnectionForm(FileForm):
    """A form that also asks over which connection Credly is asked."""

    connection = SelectField(
        _l("Connection"),
        coerce=int,
        description=_l(
            "The preview asks Credly over this connection for each template that the file names."
        ),
    )

    def offer(self, connections: Sequence[Connection]) -> Self:
        """Fill the select with what there is; the only one there is stands first."""
        none = (0, _l("No connection yet (templates stay unchecked until a sync finds them)"))
        self.connection.choices = [*((one.id, one.name) for one in connections), none]
        return self


class CatalogueImportForm(ConnectionForm):
    """The zip with the files, and the connection whose templates its badges name."""

    file = FileField(
        _l("The catalogue as one .zip"),
        description=_l(
            "Files named as in the list below, any of them, in any folder; pictures beside"
            " badge.csv. At most 128 MiB."
        ),
    )


class CatalogueStartForm(Form):
    """What becomes of badges that are earned by completions from the other system."""

    KEEP, SEND = "keep", "send"
    history = RadioField(
        _l("Badges of what was completed elsewhere"),
        choices=[
            SelectChoice(KEEP, _l("Award them in the portal, and send nothing to Credly")),
            SelectChoice(SEND, _l("Award them, and issue them on Credly, too")),
        ],
        default=KEEP,
        description=_l(
            "Each has the day on which it was completed. What is not sent now can be sent later by"
            " Award earlier completions."
        ),
    )


class BadgeImportForm(ConnectionForm):
    """The file, and the connection whose templates its rows name."""

    file = FileField(
        _l("badge.csv or .zip with images"),
        description=_l(
            "CSV in UTF-8, with a comma, semicolon or tab between the columns; or a zip that holds"
            " badge.csv and the pictures that its rows name. At most 128 MiB."
        ),
    )
