"""Which mails a person wants."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.models import NotificationKind
from portal.web.forms.base import Form
from portal.web.notices import told_words


class MailsForm(Form):
    """A box for each kind that this person can be told of."""

    kinds = SelectMultipleField(
        _l("Mail me when"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l(
            "Notifications in the portal tell you of everything, whatever you choose here."
        ),
    )

    @classmethod
    def of(
        cls, kinds: Sequence[NotificationKind], *, wanted: Sequence[NotificationKind]
    ) -> "MailsForm":
        """Return the form with the boxes of these kinds; what is wanted is ticked."""
        form = cls(data={"kinds": [kind.value for kind in wanted]})
        form.kinds.choices = [SelectChoice(kind.value, told_words(kind)) for kind in kinds]
        return form
