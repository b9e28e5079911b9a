"""Forms about the modules of a course."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.models import Criteria
from portal.services.learning.modules import MOST_MODULES, Written
from portal.web.forms.base import WholeNumber, trimmed
from portal.web.forms.objects import LINES, ONE_LINE
from portal.web.forms.started import StartedForm


class ModuleForm(StartedForm):
    """What is written about a module of any kind; the page shows what its kind has."""

    title = StringField(
        _l("Title"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("Give it a title.")),
            Length(max=255, message=_l("Use at most 255 characters.")),
            ONE_LINE,
        ],
    )
    content = TextAreaField(
        _l("Text in Markdown"),
        validators=[Length(max=100_000, message=_l("Use at most 100,000 characters.")), LINES],
    )
    address = StringField(
        _l("Address"),
        filters=[trimmed],
        validators=[Length(max=1022, message=_l("Use at most 1,022 characters.")), ONE_LINE],
        description=_l("Where it takes place, with https:// in front."),
    )
    file = FileField(_l("File"), description=_l("PDF, PNG or JPEG, at most 20 MB."))
    required = BooleanField(
        _l("Required"),
        default=True,
        description=_l("Counts where the course asks for its required modules only."),
    )

    def written(self) -> Written:
        """Return what was written, for the service."""
        sent = request.files.get("file")
        return Written(
            title=self.title.data,
            content=self.content.data or "",
            address=self.address.data or "",
            file=(sent.stream, sent.filename) if sent and sent.filename else None,
            required=self.required.data,
        )


class CriteriaForm(StartedForm):
    """Which modules a course takes."""

    criteria = RadioField(
        _l("The course is completed by"),
        choices=[
            SelectChoice(Criteria.ALL.value, _l("All of its modules")),
            SelectChoice(Criteria.SOME.value, _l("Some of its modules, whichever")),
            SelectChoice(Criteria.CHOSEN.value, _l("Its required modules")),
        ],
        default=Criteria.ALL.value,
    )
    needed = WholeNumber(
        _l("How many of them"),
        least=1,
        most=MOST_MODULES,
        message=_l("Write a whole number of modules, at least 1."),
        description=_l("For “some of its modules”."),
    )

    def words(self) -> dict[str, Any]:
        """Return what was chosen, for the service."""
        return {"criteria": Criteria(self.criteria.data), "needed": self.needed.data}


class RemoveForm(StartedForm):
    """Taking a module out, or bringing it back."""
