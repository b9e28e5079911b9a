"""What somebody wrote into a form that could not be taken, under the labels that it had."""

import re
import sys
from collections.abc import Iterator
from itertools import chain

from flask import current_app, request
from wtforms import HiddenField, PasswordField, StringField
from wtforms.fields.core import UnboundField

from portal.web.forms.base import Form

SECRET_FIELDS = ("token", "password", "code", "secret")
_NUMBER = re.compile(r"-[0-9]+$")  # the third of many fields of one name


def typed() -> list[tuple[str, str]]:
    """Return label and text of each field that takes words; none that is secret or was chosen."""
    return [
        (label, text)
        for name, text in request.form.items(multi=True)
        if text.strip() and not any(word in name for word in SECRET_FIELDS)
        if (label := _label_of(_NUMBER.sub("", name), text))
    ]


def _label_of(name: str, text: str) -> str:
    """Return the field's label, or nothing. What no form declares shows its name if it is prose."""
    for form in chain(_forms_of_page(), _all_forms(Form)):
        field = getattr(form, name, None)
        if isinstance(field, UnboundField):
            return _label(field) if _takes_words(field.field_class) else ""
    return name.replace("_", " ") if len(text.split()) > 1 else ""


def _label(field: UnboundField) -> str:
    return str(field.kwargs.get("label") or next(iter(field.args), "") or "")


def _takes_words(kind: type) -> bool:
    return issubclass(kind, StringField) and not issubclass(kind, HiddenField | PasswordField)


def _forms_of_page() -> Iterator[type[Form]]:
    """Yield the forms that the module of this page knows: their labels come first."""
    view = current_app.view_functions.get(request.endpoint or "")
    module = sys.modules.get(getattr(view, "__module__", ""))
    for one in vars(module).values() if module else ():
        if isinstance(one, type) and issubclass(one, Form):
            yield one


def _all_forms(form: type[Form]) -> Iterator[type[Form]]:
    for one in form.__subclasses__():
        yield one
        yield from _all_forms(one)
