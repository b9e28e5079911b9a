"""The form all others come from: it can take a broken rule and put it at its field."""

from collections.abc import Callable
from typing import Any

import wtforms
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, IntegerField, StringField
from wtforms.validators import ValidationError

from portal.errors import RuleBroken
from portal.web.headers import note_wait
from portal.wording import words

_ANOTHER = _l("Choose one of the values that are offered.")
# What WTForms would say itself, in its own words, to a value that no page of ours sends.
OUR_WORDS = {
    "Not a valid choice.": _ANOTHER,
    "Invalid Choice: could not coerce.": _ANOTHER,
    "Invalid choice(s): one or more data inputs could not be coerced.": _ANOTHER,
    "'%(value)s' is not a valid choice for this field.": _ANOTHER,
    "'%(value)s' are not valid choices for this field.": _ANOTHER,
    "Not a valid date value.": _l("This is not a day. Write it like 2026-05-31."),
    "Not a valid integer value.": _l("Write a whole number."),
    "This field is required.": _l("This is needed."),
}


class _Words:
    """Gives WTForms our words for its own; in the reader's language, like all the others."""

    def gettext(self, text: str) -> str:
        """Return our words for what WTForms says."""
        return str(OUR_WORDS.get(text, text))

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return our words for what WTForms says about a number of things."""
        return self.gettext(one if count == 1 else many)


class Form(FlaskForm):
    """A form with the request's CSRF token; the macro writes the hidden input itself."""

    class Meta(FlaskForm.Meta):
        """How WTForms goes about it."""

        def get_translations(self, _form: FlaskForm) -> _Words:
            """Say everything in our own words."""
            return _Words()

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read what was sent; a text that is missing altogether counts as an empty one."""
        super().process(*args, **kwargs)
        for field in self:
            if isinstance(field, StringField) and field.data is None:
                field.data = ""

    def take(self, broken: RuleBroken) -> None:
        """Show what a service said, at the field it is about."""
        said = words(broken.message)
        note_wait(broken.message)
        if broken.field and broken.field in self:
            self[broken.field].errors = [*self[broken.field].errors, said]
        else:
            self.form_errors.append(said)


class Part(wtforms.Form):
    """A row of a form, which says everything in our own words, too."""

    class Meta:
        """How WTForms goes about it."""

        def get_translations(self, _form: wtforms.Form) -> _Words:
            """Say everything in our own words."""
            return _Words()


def trimmed(value: Any) -> Any:
    """Filter: take the spaces around a text away."""
    return value.strip() if isinstance(value, str) else value


class PlainText:
    """Validator: no control characters but line breaks, which `lines` allows."""

    def __init__(self, message: str, *, lines: bool = False):
        self.message, self.allowed = message, {"\n", "\r", "\t"} if lines else set()

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Raise ValidationError for NUL and its like."""
        text = field.data or ""
        if any(ord(sign) < 32 and sign not in self.allowed for sign in text) or "\x7f" in text:
            raise ValidationError(self.message)


class ByRule:
    """Validator: a service's own rule for one value, so that all mistakes are said at once."""

    def __init__(self, rule: Callable[[str], object]):
        self.rule = rule

    def __call__(self, _form: FlaskForm, field: Field) -> None:
        """Raise ValidationError with what the service says, where nothing was said before."""
        if field.errors:
            return
        try:
            self.rule(field.data)
        except RuleBroken as broken:
            raise ValidationError(words(broken.message)) from broken


class WholeNumber(IntegerField):
    """A whole number within bounds, or nothing; `message` says what is wanted."""

    def __init__(self, *args: Any, least: int, most: int, message: str, **more: Any):
        super().__init__(*args, **more)
        self.least, self.most, self.message = least, most, message

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was typed; what is no such number is said at the field."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ValueError(self.message)
        if not self.least <= int(text) <= self.most:
            raise ValueError(self.message)
        self.data = int(text)
