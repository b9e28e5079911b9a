"""Whatever is sent to a form, its answer is in our words and never in those of WTForms."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import wtforms
from werkzeug.datastructures import MultiDict
from wtforms import Field, FieldList, FormField, SelectFieldBase

from portal.web import forms
from portal.web.forms.base import Form

TRICKS = ("no such thing", "-1", "9" * 40, "1.5", "\x00", "٣", "")
# What WTForms says where nobody gave it better words.
THEIRS = {
    text
    for path in Path(wtforms.__file__).parent.rglob("*.py")
    for text in re.findall(r'gettext\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
}


def every_form(of: type[Form] = Form) -> Iterator[type[Form]]:
    for one in of.__subclasses__():
        yield one
        yield from every_form(one)


def every_field(form) -> Iterator[Field]:
    for field in form:
        if isinstance(field, FieldList):
            yield from (inner for entry in field.entries for inner in every_field(entry.form))
        elif isinstance(field, FormField):
            yield from every_field(field.form)
        else:
            yield field


def with_a_row(form: Form) -> Form:
    for field in form:
        if isinstance(field, FieldList):
            field.append_entry()
    return form


def test_no_form_answers_in_foreign_words(app):
    for module in pkgutil.iter_modules(forms.__path__):
        importlib.import_module(f"portal.web.forms.{module.name}")
    told: list[str] = []
    with app.test_request_context(method="POST"):
        for kind in every_form():
            names = [field.name for field in every_field(with_a_row(kind(formdata=None)))]
            for trick in TRICKS:
                form = kind(formdata=MultiDict(dict.fromkeys(names, trick)))
                for field in every_field(form):
                    if isinstance(field, SelectFieldBase) and field.choices is None:
                        field.choices = []
                form.validate()
                told += [str(error) for field in every_field(form) for error in field.errors]
    assert len(set(told)) > 20
    assert "Not a valid choice." in THEIRS
    foreign = {one for one in told if one in THEIRS or "valid choice" in one}
    assert not foreign
