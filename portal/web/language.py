"""Which language and which clock a page is written in."""

from functools import cache

from babel import Locale
from flask import current_app, has_request_context, request
from flask_login import current_user

from portal.web.means import means


@cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages there are: English, and each folder of translations."""
    babel = current_app.extensions["babel"].instance
    found = {str(one) for one in babel.list_translations()}
    return ("en", *sorted(found - {"en"}))


def locale_of_reader() -> str:
    """Return the language the person chose, else the best that their browser asks for."""
    if not has_request_context():  # a command, or a job
        return "en"
    if current_user.is_authenticated and current_user.locale in languages():
        return current_user.locale
    return request.accept_languages.best_match(languages()) or "en"


def own_name(language: str) -> str:
    """Return what a language calls itself."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def time_zone_of_portal() -> str:
    """Return the name of the portal's time zone."""
    return means().time_zone.key
