"""The question that a changed requirement asks when somebody has begun."""

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice

from portal.services.learning.changing import ForStarted
from portal.services.learning.snapshots import Started
from portal.web.forms.base import Form


class StartedForm(Form):
    """Whether a change is for those who have begun; the page asks only when there are any."""

    for_started = RadioField(
        _l("Learners who have begun"),
        choices=[
            SelectChoice(ForStarted.KEEP.value, _l("Keep for them what was required until now")),
            SelectChoice(ForStarted.ALL.value, _l("Apply the change to all of them")),
        ],
        validate_choice=False,
    )

    def about(self, begun: Started) -> "StartedForm":
        """Say how many learners it is about."""
        self.for_started.description = ngettext(
            "%(num)s learner has begun and is not through. The question counts only if this changes"
            " what is required. Whoever is through stays so.",
            "%(num)s learners have begun and are not through. The question counts only if this"
            " changes what is required. Whoever is through stays so.",
            begun.open,
        )
        return self

    def answer(self) -> ForStarted | None:
        """Return what was chosen."""
        known = {one.value for one in ForStarted}
        chosen = self.for_started.data
        return ForStarted(chosen) if chosen in known else None
