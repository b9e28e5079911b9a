"""Forms about imports."""

from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, SelectField
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


class BadgeImportForm(FileForm):
    """The file, and the connection whose templates its rows name."""

    file = FileField(
        _l("badge.csv or .zip with images"),
        description=_l(
            "CSV in UTF-8, with a comma, semicolon or tab between the columns; or a zip that holds"
            " badge.csv and the pictures that its rows name. At most 128 MiB."
        ),
    )
    connection = SelectField(
        _l("Connection"),
        coerce=int,
        description=_l(
            "The preview asks Credly over this connection for each template that the file names."
        ),
    )

    def offer(self, connections: Sequence[Connection]) -> "BadgeImportForm":
        """Fill the select with what there is; the only one there is stands first."""
        none = (0, _l("No connection yet (templates stay unchecked until a sync finds them)"))
        self.connection.choices = [*((one.id, one.name) for one in connections), none]
        return self
