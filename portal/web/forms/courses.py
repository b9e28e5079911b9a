"""Forms about courses."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.models import Policy
from portal.web.forms.base import trimmed
from portal.web.forms.objects import LINES, ONE_LINE, ObjectForm


class CourseForm(ObjectForm):
    """What an author writes about a course."""

    content = TextAreaField(
        _l("Content in Markdown"),
        validators=[Length(max=100_000, message=_l("Use at most 100,000 characters.")), LINES],
        description=_l(
            "What people work through. Write ## for a heading, **bold**, - for a list, and"
            " [words](https://example.org) for a link. Preview shows how it looks; nothing is"
            " saved by that."
        ),
    )
    external_url = StringField(
        _l("External address"),
        filters=[trimmed],
        validators=[Length(max=1022, message=_l("Use at most 1,022 characters.")), ONE_LINE],
        description=_l(
            "Optional. When the course takes place elsewhere: the address where it begins, with"
            " https:// in front."
        ),
    )
    policy = RadioField(
        _l("Who says that it is completed"),
        choices=[
            SelectChoice(Policy.LEARNER.value, _l("The learner marks it as complete")),
            SelectChoice(
                Policy.EVIDENCE.value,
                _l("The learner hands in evidence, and an author approves it"),
            ),
            SelectChoice(Policy.STAFF.value, _l("An author or administrator records it")),
        ],
        default=Policy.LEARNER.value,
    )

    def words(self) -> dict[str, Any]:
        """Return what was written, for the service."""
        return super().words() | {
            "content": self.content.data or "",
            "external_url": self.external_url.data or "",
            "policy": Policy(self.policy.data or Policy.LEARNER),
        }
