"""Forms of owners and administrators about the people on a learning object."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.services import days
from portal.services.means import Means
from portal.web.forms.base import Form, PlainText, trimmed
from portal.web.forms.groups import GroupChoice
from portal.web.forms.imports import FileForm

_LINES = PlainText(_l("Take the control characters out."), lines=True)
_NO_DAY = _l("This is not a day. Write it like 2027-05-31.")
_FIRST_YEAR, _LAST_YEAR = 1981, 2037  # as in imports: what every calendar and clock can work with
_OUT_OF_RANGE = _l("Write a day from 1981 to 2037.")


class Day(DateField):
    """A day that databases, calendars and Credly can work with; any other says so in our words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day; the year must have four figures, as people write it."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_NO_DAY) from None
        if self.data is not None and not _FIRST_YEAR <= self.data.year <= _LAST_YEAR:
            self.data = None
            raise ValueError(_OUT_OF_RANGE)


def _result() -> RadioField:
    return RadioField(
        _l("Result"),
        choices=[
            SelectChoice("success", _l("With success: it counts, and its badge is awarded")),
            SelectChoice("failure", _l("Without success: it is noted, and earns nothing")),
        ],
        default="success",
        validators=[InputRequired(_l("Choose one."))],
    )


class EnrolForm(GroupChoice):
    """Whom to enrol, and until when."""

    due = Day(
        _l("Due day"),
        validators=[Optional()],
        description=_l(
            "Optional: the last day in time. Nobody is shut out after it. For those who are on it"
            " already it takes the place of an earlier one."
        ),
    )

    def due_at(self, means: Means) -> datetime | None:
        """Return the last second of the due day."""
        return days.end_of(self.due.data, means.time_zone) if self.due.data else None


class RecordForm(GroupChoice):
    """Who completed it, when, and how."""

    day = Day(_l("Completed on"), validators=[InputRequired(_l("Say on which day."))])
    result = _result()


class CompletionsForm(FileForm):
    """The file of addresses and days, and how those people completed it."""

    file = FileField(
        _l("completions.csv"),
        description=_l(
            "CSV in UTF-8 with the columns email and date, up to 10,000 rows. Write the day like"
            " 2026-05-31."
        ),
    )
    result = _result()


class ReasonForm(Form):
    """Why something is refused or taken back."""

    reason = TextAreaField(
        _l("Reason"),
        filters=[trimmed],
        validators=[
            DataRequired(_l("This is needed.")),
            Length(max=2000, message=_l("Use at most 2,000 characters.")),
            _LINES,
        ],
    )


class ApproveForm(Form):
    """From which day what was handed in counts."""

    day = Day(
        _l("Completed on"),
        validators=[InputRequired(_l("Say on which day."))],
        description=_l("Today, or the day that the evidence shows."),
    )
