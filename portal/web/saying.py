"""What pages say: texts, days and numbers in the reader's language, by words that are kept.

A page says a hundred, and Flask-Babel looks for reader and catalogue at each of them.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

from babel import Locale, dates
from flask_babel import format_decimal, get_translations

from portal.services.slices import MOST, Count
from portal.web.language import locale_here
from portal.web.means import means


def grouped(number: int | None) -> str:
    """Write a number as the reader's language groups its digits."""
    return "" if number is None else _grouped(number, locale_here())


@lru_cache(maxsize=1024)
def _grouped(number: int, _locale: Locale | None) -> str:
    return format_decimal(number)


def up_to_most(number: int) -> str:
    """Write a number of rows as far as long lists are counted."""
    return _counted(Count(min(number, MOST), number > MOST))


def _counted(count: Count) -> str:
    return grouped(count.total) + ("+" if count.more else "")


def day(moment: datetime | date) -> str:
    """Write a moment's day as people do, in the portal's time zone."""
    return days()(moment)


def days() -> Callable[[datetime | date], str]:
    """Return what writes days for this reader, where there are many."""
    locale, zone = locale_here(), means().time_zone

    def write(moment: datetime | date) -> str:
        local = moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
        return _day(local, locale)

    return write


@lru_cache(maxsize=1024)
def _day(shown: date, locale: Locale | None) -> str:
    return dates.format_date(shown, "d MMMM y", locale=locale)


def gettext(text: str, /, **values: object) -> str:
    """Say a text in the reader's language, as Flask-Babel's own does."""
    words = kept_words(text)
    return words % values if values else words


def kept_words(text: str) -> str:
    """Return a text in the reader's language, with the places for its values."""
    return _words(locale_here(), text)


@lru_cache(maxsize=8192)
def _words(_locale: Locale | None, text: str) -> str:
    return get_translations().ugettext(text)


def plural(one: str, many: str, number: int | Count) -> tuple[str, str]:
    """Return the words that fit the number, and the number as it is written."""
    if isinstance(number, Count):
        return get_translations().ungettext(one, many, number.total), _counted(number)
    return get_translations().ungettext(one, many, number), grouped(number)
