"""What templates can say: moments, initials, Markdown, words for states, addresses of files."""

import hashlib
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flask import Flask, request, url_for
from flask_babel import format_datetime, format_timedelta, get_locale
from flask_login import current_user
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from portal.clock import utc_now
from portal.later import later
from portal.messages import from_stored
from portal.services.paging import Page
from portal.services.running.known import PortalSettings
from portal.services.slices import END, START, Count, Place, Slice
from portal.web import (
    accounts,
    api_tokens,
    connections,
    findings,
    funnels,
    kinds,
    notices,
    standings,
    states,
)
from portal.web.addresses import keeping_addresses, picture_url
from portal.web.arguments import kept_arguments
from portal.web.frame import frame_files
from portal.web.keeping import kept, kept_in_words
from portal.web.means import means
from portal.web.menu import area_name, areas, menu
from portal.web.saying import day, grouped, kept_words, plural, up_to_most
from portal.web.sessions import unread_count
from portal.web.static_files import static
from portal.wording import words

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

PLACES = {"after", "before", "page"}  # what the address of a list says of its page
markdown_it, nh3 = later("markdown_it"), later("nh3")


def exact(moment: datetime) -> str:
    """Write the moment to the second, with its zone."""
    return format_datetime(moment, format="d MMMM y HH:mm:ss z")


def clock(moment: datetime) -> str:
    """Write day and minute."""
    return format_datetime(moment, format="d MMM y HH:mm")


def age(moment: datetime) -> str:
    """Say how long ago it was, roughly."""
    return format_timedelta(utc_now() - moment)


@pass_eval_context
def said(context: EvalContext, text: str, /, **values: object) -> str:
    """Say a text in the reader's language, as Jinja's own `_` does."""
    if values:
        return _marked(kept_words(text), context.autoescape) % values
    return _whole(kept_words(text), context.autoescape)


@lru_cache(maxsize=8192)
def _whole(words: str, is_html: bool) -> str:
    return _marked(words, is_html) % {}


@pass_eval_context
def counted(
    context: EvalContext, one: str, many: str, number: int | Count, /, **values: object
) -> str:
    """Say a singular or a plural, whose number is written as the reader's language does."""
    words, shown = plural(one, many, number)
    return _marked(words, context.autoescape) % {"num": shown, **values}


def _marked(words: str, is_html: bool) -> str:
    return Markup(words) if is_html else words  # noqa: S704 — of our catalogues, as Jinja makes it


def initials(name: str) -> str:
    """Return up to two first letters, for a drawn placeholder."""
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    return "".join(letters[:2]).upper() or "•"


def tone_of(name: str) -> int:
    """Return one of eight colours that stays with the name."""
    return hashlib.sha256(name.encode()).digest()[0] % 8


@cache
def _markdown() -> "MarkdownIt":
    return markdown_it.MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=256)
def markdown(text: str) -> Markup:
    """Turn an author's Markdown into clean HTML: what people typed becomes Markup only here."""
    html = nh3.clean(
        _markdown().render(text),
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto"},
        tags=nh3.ALLOWED_TAGS - {"img", "h1"},  # pictures of strangers are not loaded
    )
    return Markup(html)  # noqa: S704 — cleaned on the line above


class PageLinks:
    """A page of a list with the addresses of its neighbours; the filters stay in them."""

    def __init__(self, page: Page):
        self.rows, self.number, self.pages, self.total = (
            page.rows,
            page.number,
            page.pages,
            page.total,
        )
        self.previous_url = self._url(page.number - 1)
        self.next_url = self._url(page.number + 1)

    def _url(self, number: int) -> str | None:
        if not 1 <= number <= self.pages:
            return None
        kept = kept_arguments("page")
        return url_for(request.endpoint, **{**kept, **request.view_args, "page": number})


class SliceLinks:
    """A page of a long list with the addresses of its neighbours and of both ends."""

    def __init__(self, page: Slice):
        self.previous_url = _place_url(page.previous) if page.previous else None
        self.next_url = _place_url(page.next) if page.next else None
        self.first_url = _place_url(START) if page.previous else None
        self.last_url = _place_url(END) if page.next else None


def _place_url(place: Place) -> str:
    kept = kept_arguments(*PLACES)
    where = {"after": place.after, "before": place.before, "page": "last" if place.at_end else None}
    return url_for(request.endpoint, **{**kept, **request.view_args, **where})


@lru_cache(maxsize=8)
def looks_mark(known: PortalSettings) -> str:
    """Return a mark that changes with the looks: what shows them may be kept for long under it."""
    return hashlib.sha256(repr(known).encode()).hexdigest()[:12]


def context() -> dict:
    """Return what every template may use."""
    known = means().known.now
    return {
        "portal_name": known.name,
        "portal_brand": known.brand,
        "portal_logo": known.logo,
        "looks": looks_mark(known),
        "theme": current_user.theme.value if current_user.is_authenticated else "system",
        "locale": str(get_locale() or "en"),
        "menu": menu(),
        "areas": areas(),
        "area_name": area_name(),
    }


def add_filters(app: Flask) -> None:
    """Teach the app's templates these words."""
    app.context_processor(context)
    app.jinja_env.globals.update(_=said, gettext=said, ngettext=counted)
    for one in (age, day, exact, clock, grouped, initials, tone_of, markdown):
        app.add_template_filter(one)
    app.add_template_filter(PageLinks, "linked")
    app.add_template_filter(SliceLinks, "placed")
    app.add_template_filter(up_to_most)
    app.add_template_filter(words, "words")
    app.add_template_filter(lambda stored: words(from_stored(stored)), "said")
    for one in (
        *accounts.FILTERS,
        *api_tokens.FILTERS,
        *states.FILTERS,
        *standings.FILTERS,
        *notices.FILTERS,
        *connections.FILTERS,
        *findings.FILTERS,
        *kinds.FILTERS,
        *funnels.FILTERS,
    ):
        app.add_template_filter(one)
    app.add_template_filter(lambda counts, state: counts.get(state, 0), "of")
    app.add_template_global(keeping_addresses(app), "url_for")
    app.add_template_global(kept, "kept")
    app.add_template_global(kept_in_words)
    app.add_template_global(static)
    app.add_template_global(frame_files)
    app.add_template_global(unread_count)
    app.add_template_global(picture_url)
