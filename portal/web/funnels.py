"""What the acceptance pages are asked for, and the words and files of their tables."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import request, url_for
from flask_babel import format_percent, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.services.issuing import badges
from portal.services.issuing.acceptance import Age, Narrowed
from portal.services.learning import accepted_through
from portal.web.arguments import text_argument
from portal.web.means import means
from portal.web.menu import Entry
from portal.web.plots import Plot

PERIODS = {
    0: _l("All time"),
    30: _l("Last 30 days"),
    90: _l("Last 90 days"),
    365: _l("Last 12 months"),
}
AGES = {
    Age.DAYS_0_3: _l("0–3 days"),
    Age.DAYS_4_14: _l("4–14 days"),
    Age.DAYS_15_30: _l("15–30 days"),
    Age.OVER_30: _l("Over 30 days"),
}
_NUMBERS = {
    "issued": _l("Issued"),
    "told": _l("Notified"),
    "accepted": _l("Accepted"),
    "pending": _l("Pending"),
    **{age.value: words for age, words in AGES.items()},
}


def narrowed() -> Narrowed:
    """Return what the address asks for; what it does not know it leaves out."""
    age = text_argument("age", 16)
    return Narrowed(
        days=_number("days") if _number("days") in PERIODS else 0,
        badge_id=_number("badge"),
        learning_object_id=_number("object"),
        skill_level_id=_number("level"),
        age=Age(age) if age in set(Age) else None,
        q=text_argument("q"),
    )


def kept(asked: Narrowed) -> dict[str, object]:
    """Return what a list of those who wait keeps in its address."""
    values = {
        "badge": asked.badge_id,
        "object": asked.learning_object_id,
        "level": asked.skill_level_id,
    }
    return {name: value for name, value in values.items() if value}


def about(asked: Narrowed) -> str:
    """Return the badge or the title that a list is narrowed to; empty without one."""
    if asked.badge_id:
        return badges.get(asked.badge_id).name
    found = accepted_through.title_of(asked)
    return source_name({"name": found[0], "level": found[1]}) if found else ""


def order() -> str:
    """Return the number that the table is sorted by; empty for the name."""
    asked = text_argument("sort", 16)
    return asked if asked in _NUMBERS else ""


def by_source() -> bool:
    """Whether learning objects are listed, and not badges."""
    return text_argument("by", 16) == "object"


def plots(totals: Mapping[str, int]) -> dict[str, Plot]:
    """Return the two plots of the page, by name."""
    funnel = Plot(
        name="funnel",
        title=_("From issued to accepted"),
        said=ngettext(
            "Of %(num)s badge issued at Credly, how many its owner was told of and has accepted.",
            "Of %(num)s badges issued at Credly, how many their owners were told of and have"
            " accepted.",
            totals["issued"],
        ),
        headings=[_("Step"), _("Badges")],
        rows=[(str(_NUMBERS[key]), totals[key]) for key in ("issued", "told", "accepted")],
        lying=True,
    )
    waiting = Plot(
        name="waiting",
        title=_("Waiting to be accepted"),
        said=_("For how many days those badges have waited that are not accepted yet."),
        headings=[_("Days"), _("Badges")],
        rows=[(str(words), totals[age.value]) for age, words in AGES.items()],
    )
    return {plot.name: plot for plot in (funnel, waiting)}


def headings(sort: str) -> list[dict[str, object]]:
    """Return the headings of the table, each a link that sorts by it."""
    name = _("Learning object or skill level") if by_source() else _("Badge")
    numbers = [_heading(str(words), key, sort, "descending") for key, words in _NUMBERS.items()]
    return [_heading(name, "", sort, "ascending"), *numbers]


def periods() -> list[Entry]:
    """Return the periods to look at, as tabs."""
    now = narrowed().days
    return [
        Entry(str(words), _here(days=days or None), days == now) for days, words in PERIODS.items()
    ]


def tables() -> list[Entry]:
    """Return the two tables, as tabs."""
    each = ((None, _("By badge")), ("object", _("By learning object")))
    return [Entry(words, _here(by=by), bool(by) == by_source()) for by, words in each]


def source_name(row: Mapping[str, Any]) -> str:
    """Return the name of a row: a badge's, an object's title, or a skill with its level."""
    if row.get("level"):
        return _("%(skill)s, level %(level)s", skill=row["name"], level=row["level"])
    return row["name"] or _("(no name)")


def share_of(part: int, whole: int) -> str:
    """Write a part of a whole as a percentage."""
    return format_percent(part / whole if whole else 0)


def columns() -> list[str]:
    """Return the columns of the file with the table."""
    return [_("Name"), *(str(words) for words in _NUMBERS.values())]


def rows(found: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Yield the lines of that file."""
    for row in found:
        yield [source_name(row), *(str(row[key]) for key in _NUMBERS)]


def pending_columns() -> list[str]:
    """Return the columns of the file with those who have not accepted yet."""
    return [_("Name"), _("Email"), _("Badge"), _("Issued"), _("Reminders sent")]


def pending_rows(found: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Yield the lines of that file."""
    for row in found:
        day = row["at"].astimezone(means().time_zone).date().isoformat()
        yield [row["name"], row["email"], row["badge"], day, str(row["reminders"])]


def _heading(label: str, key: str, sort: str, direction: str) -> dict[str, object]:
    return {
        "label": label,
        "url": _here(sort=key or None),
        "sorted": direction if key == sort else None,
    }


def _here(**changed: object) -> str:
    kept_on = {name: request.args[name] for name in ("days", "by", "sort") if name in request.args}
    return url_for("admin.acceptance.index", **{**kept_on, **changed})


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


FILTERS = (source_name, share_of)
