"""The form above figures and reports: which period, and whose. It is sent by GET, so it is kept."""

from collections.abc import Sequence
from datetime import datetime

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length, Optional

from portal.models import Group
from portal.services import periods
from portal.services.periods import Period, Window
from portal.web.forms.base import Form, PlainText, trimmed
from portal.web.forms.learners import Day
from portal.web.means import means


class WindowForm(Form):
    """Days from and to, or the weeks that a tab chose; and a group.

    What cannot be read is said at its field, and the usual weeks are shown.
    """

    class Meta:
        csrf = False  # it changes nothing

    period = HiddenField()
    first = Day(_l("From"), name="from", validators=[Optional()])
    last = Day(_l("To"), name="to", validators=[Optional()])
    group = SelectField(_l("Group"), default="", validate_choice=False)

    def offer(self, groups: Sequence[Group]) -> "WindowForm":
        """Fill the select with the groups that there are."""
        self.group.choices = [("", _l("Everybody")), *((str(one.id), one.name) for one in groups)]
        return self

    @property
    def has_days(self) -> bool:
        """Whether days were typed; they count more than a tab."""
        return any(field.raw_data and field.raw_data[0] for field in (self.first, self.last))

    def window(self, now: datetime) -> Window:
        """Return what is asked for; whatever is wrong stands at its field afterwards."""
        self.validate()
        period = self._typed(now) if self.has_days else None
        return Window(period or self._chosen(now), self._group_id())

    def kept(self, *but: str) -> dict[str, str]:
        """Return what belongs into the address of what shows the same part."""
        names = [field.name for field in self if field.name not in but]
        return {name: request.args[name] for name in names if request.args.get(name)}

    def weeks(self) -> int:
        """Return which tab is chosen; an unknown one is the usual."""
        known = {str(weeks): weeks for weeks in periods.LAST_WEEKS}
        return known.get(self.period.data or "", periods.USUAL)

    def _chosen(self, now: datetime) -> Period:
        return periods.last_weeks(self.weeks(), means().time_zone, now)

    def _typed(self, now: datetime) -> Period | None:
        """Return the days that were typed, or none and the reason at its field."""
        first, last = self.first.data, self.last.data or now.astimezone(means().time_zone).date()
        if self.first.errors or self.last.errors:
            return None
        if first is None:
            self.first.errors = [_l("Say from which day.")]
        elif first > last:
            self.last.errors = [_l("This day lies before the first one.")]
        elif (last - first).days > periods.MOST_DAYS:
            self.first.errors = [_l("Choose at most ten years.")]
        else:
            return Period(first, last, means().time_zone)
        return None

    def _group_id(self) -> int:
        known = {value for value, _name in self.group.choices or []}
        if self.group.data not in known:
            self.group.data = ""
        return int(self.group.data or 0)


class ReportForm(WindowForm):
    """The same, and words that what is reported must mention."""

    q = StringField(
        _l("Mentions"),
        filters=[trimmed],
        validators=[
            Length(max=200, message=_l("Use at most 200 characters.")),
            PlainText(_l("Take the control characters out.")),
        ],
    )
