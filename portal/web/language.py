"""Which language and which clock a page is written in."""

from flask import has_request_context, request
from flask_login import current_user

from portal.web.means import means

LANGUAGES = ("en",)


def locale_of_reader() -> str:
    """Return the language the person chose, else the best that their browser asks for."""
    if not has_request_context():  # a command, or a job
        return "en"
    if current_user.is_authenticated and current_user.locale in LANGUAGES:
        return current_user.locale
    return request.accept_languages.best_match(LANGUAGES) or "en"


def time_zone_of_portal() -> str:
    """Return the name of the portal's time zone."""
    return means().time_zone.key
