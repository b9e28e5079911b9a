"""Forms about courses."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.web.forms.base import Form, PlainText, trimmed

_ONE_LINE = PlainText(_l("Write it on one line, without control characters."))
_LINES = PlainText(_l("Take the control characters out."), lines=True)
_LARGEST_ID = 2**31 - 1


class CourseForm(Form):
    """What an author writes about a course."""

    title = StringField(
        _l("Title"),
        filters=[trimmed],
        validators=[
            InputRequired(_l("Give the course a title.")),
            Length(max=510, message=_l("Use at most 510 characters.")),
            _ONE_LINE,
        ],
    )
    description = TextAreaField(
        _l("Description"),
        validators=[Length(max=5000, message=_l("Use at most 5,000 characters.")), _LINES],
        description=_l("A few sentences for the catalogue: what it is about, and for whom."),
    )
    content = TextAreaField(
        _l("Content in Markdown"),
        validators=[Length(max=100_000, message=_l("Use at most 100,000 characters.")), _LINES],
        description=_l(
            "What people work through. Write ## for a heading, **bold**, - for a list, and"
            " [words](https://example.org) for a link. Preview shows how it looks; nothing is"
            " saved by that."
        ),
    )
    external_url = StringField(
        _l("External address"),
        filters=[trimmed],
        validators=[Length(max=1022, message=_l("Use at most 1,022 characters.")), _ONE_LINE],
        description=_l(
            "Optional. When the course takes place elsewhere: the address where it begins, with"
            " https:// in front."
        ),
    )

    earned_again = BooleanField(
        _l("May be earned again after a revocation"),
        description=_l(
            "Somebody whose badge was revoked may take the course anew and earn the badge once"
            " more."
        ),
    )

    def words(self) -> dict[str, Any]:
        """Return what was written, for the service."""
        return {
            "earned_again": self.earned_again.data,
            "title": self.title.data or "",
            "description": self.description.data or "",
            "content": self.content.data or "",
            "external_url": self.external_url.data or "",
        }


class BadgeChoiceForm(Form):
    """The badge of a learning object; 0 means none. The page draws a tile for each choice."""

    badge = RadioField(
        _l("Badge"),
        coerce=int,
        validate_choice=False,
        validators=[
            InputRequired(_l("Choose a badge, or “No badge”.")),
            NumberRange(0, _LARGEST_ID, message=_l("Choose a badge, or “No badge”.")),
        ],
    )
