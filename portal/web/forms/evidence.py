"""The form with which a learner hands evidence in."""

from typing import BinaryIO

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from portal.services.learning import files
from portal.services.means import Means
from portal.web.forms.base import Form, PlainText, trimmed

_ONE_LINE = PlainText(_l("Write it on one line, without control characters."))
_LINES = PlainText(_l("Take the control characters out."), lines=True)


class EvidenceForm(Form):
    """A text, an address, a file: one of them or several."""

    text = TextAreaField(
        _l("What you want to say"),
        validators=[Length(max=20_000, message=_l("Use at most 20,000 characters.")), _LINES],
    )
    address = StringField(
        _l("Address"),
        filters=[trimmed],
        validators=[Length(max=1022, message=_l("Use at most 1,022 characters.")), _ONE_LINE],
        description=_l("Optional: where it can be seen, with https:// in front."),
    )
    file = FileField(
        _l("File"),
        description=_l(
            "A PDF, PNG or JPEG of at most 20 MB. Only you and those who approve see it."
        ),
    )

    def validate_file(self, _field: Field) -> None:
        """Take one file at most."""
        if len(request.files.getlist("file")) > 1:
            raise ValidationError(_l("Choose one file."))

    def stream(self) -> tuple[BinaryIO, str] | None:
        """Return the file that was sent and its name, or None when none was chosen."""
        sent = request.files.get("file")
        return (sent.stream, sent.filename) if sent and sent.filename else None

    def keep_file(self, means: Means) -> files.KeptFile | None:
        """Keep the file that was chosen; raises RuleBroken at its field."""
        sent = self.stream()
        if sent is None:
            return None
        return files.keep(sent[0], sent[1], allowed=files.DOCUMENTS, means=means)
