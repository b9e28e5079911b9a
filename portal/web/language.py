"""Which language and which clock a page is written in."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeVar

from babel import Locale
from babel.support import NullTranslations
from flask import current_app, g, has_request_context, request
from flask_babel import Domain, get_locale
from flask_login import current_user

from portal.web.means import means

T = TypeVar("T")


class Catalogues(Domain):
    """Finds a catalogue by its locale; the one of Flask-Babel first writes out the locale's name.

    A page says a hundred words.
    """

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[Locale, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the reader's language."""
        locale = locale_here()
        if locale not in self._found:
            if locale is None:
                return super().get_translations()
            self._found[locale] = super().get_translations()
        return self._found[locale]


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
    person = current_user._get_current_object()
    if person.is_authenticated and person.locale in languages():
        return person.locale
    return request.accept_languages.best_match(languages()) or "en"


def locale_here() -> Locale | None:
    """Return what `get_locale` does, some seventy times a page.

    Flask-Babel asks four times whose request this is; what it has found once stands in a note of
    its own. Where that is not to be found there, it is asked.
    """
    try:
        note = vars(g._get_current_object()).get("_flask_babel")
    except RuntimeError:  # no request, no command
        return None
    return getattr(note, "babel_locale", None) or get_locale()


def reader() -> Locale:
    """Return the reader's language as Babel's own: one object each, by which words are found."""
    return _parsed(locale_of_reader())


@cache
def _parsed(language: str) -> Locale:
    return Locale.parse(language)


def in_each_language(make: Callable[[], T]) -> Callable[[], T]:
    """Keep what `make` says for each language: words that are the same for all its readers."""
    made = lru_cache(maxsize=64)(lambda _locale: make())
    return lambda: made(locale_here())


def own_name(language: str) -> str:
    """Return what a language calls itself."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[:1].upper() + name[1:]


def time_zone_of_portal() -> str:
    """Return the name of the portal's time zone."""
    return means().time_zone.key
