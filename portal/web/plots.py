"""Plots of the dashboard: each with the sentence that says what it shows, and its numbers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from portal.services.issuing import figures
from portal.services.learning import figures as learning
from portal.services.learning.figures import per_cent
from portal.services.periods import Window
from portal.services.remembering import Remembered
from portal.web.kinds import kind_word
from portal.web.states import delivery_word

WITHIN = (1, 3, 7, 14, 30, 90)
MANY = 5000  # so many badges in a period, and it is counted once a minute


@dataclass(frozen=True)
class Plot:
    """`rows` are a label and numbers under `headings`; `drawn` is the column that is plotted.

    Bars stand where time passes, and lie where things are compared; `most` is the end of the scale
    where that is not the largest number.
    """

    name: str
    title: str
    said: str
    headings: list[str]
    rows: list[tuple]
    drawn: int = 1
    lying: bool = False
    most: int | None = None

    @property
    def bars(self) -> list[tuple[str, int]]:
        """The label and the number of each bar."""
        return [(row[0], row[self.drawn]) for row in self.rows]

    @property
    def scale(self) -> int:
        """The number at the end of the scale, at least 1."""
        return max(self.most or max((number for _label, number in self.bars), default=0), 1)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(number for row in self.rows for number in row if isinstance(number, int))


def issued(window: Window, _most: int | None) -> Plot:
    """Badges issued at Credly, by weeks or months."""
    rows, by_month = figures.issued(window), window.period.by_month
    total = sum(number for _first, number in rows)
    return Plot(
        name="issued",
        title=_("Issued per month") if by_month else _("Issued per week"),
        said=_issued_words(window, total),
        headings=[_("Month") if by_month else _("Week of"), _("Issued")],
        rows=[(_bucket(first, by_month), number) for first, number in rows],
    )


def _issued_words(window: Window, total: int) -> str:
    days = {"first": _day(window.period.first), "last": _day(window.period.last)}
    if not total:
        return _("No badge was issued at Credly from %(first)s to %(last)s.", **days)
    return ngettext(
        "%(num)s badge was issued at Credly from %(first)s to %(last)s.",
        "%(num)s badges were issued at Credly from %(first)s to %(last)s.",
        total,
        **days,
    )


def acceptance(window: Window, _most: int | None) -> Plot:
    """How far the badges of the period have come."""
    found = figures.acceptance(window)
    steps = [
        (_("Issued"), found.issued),
        (_("Notified"), found.notified),
        (_("Accepted"), found.accepted),
        (_("Pending"), found.waiting),
        (_("Rejected"), found.rejected),
        (_("Revoked"), found.revoked),
    ]
    said = ngettext(
        "Accepted by its owner: %(accepted)s of %(num)s badge issued in this time (%(share)s%%).",
        "Accepted by their owners: %(accepted)s of %(num)s badges issued in this time"
        " (%(share)s%%).",
        found.issued,
        accepted=found.accepted,
        share=per_cent(found.accepted, found.issued),
    )
    return Plot(
        name="acceptance",
        title=_("Acceptance"),
        said=said if found.issued else _("No badge was issued in this time."),
        headings=[_("Step"), _("Badges"), _("Per cent")],
        rows=[(word, number, per_cent(number, found.issued)) for word, number in steps],
        lying=True,
    )


def accepting(window: Window, _most: int | None) -> Plot:
    """How long the owners took to accept."""
    taken = figures.days_to_accept(window)
    half = figures.half_within(taken)
    said = ngettext(
        "Half of the badges accepted in this time were accepted within %(num)s day of the issue.",
        "Half of the badges accepted in this time were accepted within %(num)s days of the issue.",
        half,
    )
    return Plot(
        name="accepting",
        title=_("Time to accept"),
        said=said if half else _("No badge issued in this time has been accepted yet."),
        headings=[_("Accepted after"), _("Badges")],
        rows=list(_spans(taken)),
        lying=True,
    )


def completion(window: Window, most: int | None) -> Plot:
    """How many complete what they are on, by learning object."""
    found = learning.completions(window, most=most)
    said = ngettext(
        "Completed: %(completed)s of %(num)s enrolment made in this time (%(share)s%%);"
        " withdrawn ones are left out.",
        "Completed: %(completed)s of %(num)s enrolments made in this time (%(share)s%%);"
        " withdrawn ones are left out.",
        found.enrolled,
        completed=found.completed,
        share=per_cent(found.completed, found.enrolled),
    )
    return Plot(
        name="completion",
        title=_("Completion"),
        said=said if found.enrolled else _("Nobody enrolled in this time."),
        headings=[_("Title"), _("Per cent"), _("Completed"), _("Enrolled"), _("Kind")],
        rows=[
            (one.about.title, one.share, one.completed, one.enrolled, kind_word(one.about))
            for one in found.most
        ],
        lying=True,
        most=100,
    )


def levels(window: Window, most: int | None) -> Plot:
    """Which skill levels people reached."""
    found = learning.levels(window, most=most)
    said = ngettext(
        "A skill level was reached %(num)s time in this time.",
        "Skill levels were reached %(num)s times in this time.",
        found.reached,
    )
    named = [
        (_("%(skill)s, level %(level)s", skill=level.skill.name, level=level.level), number)
        for level, number in found.most
    ]
    return Plot(
        name="levels",
        title=_("Skills reached"),
        said=said if found.reached else _("No skill level was reached in this time."),
        headings=[_("Skill level"), _("Reached")],
        rows=named,
        lying=True,
    )


def deliveries(_window: Window, _most: int | None) -> Plot:
    """What is on its way to Credly at this moment."""
    found = figures.open_deliveries()
    total = sum(found.values())
    said = ngettext(
        "%(num)s delivery is not finished at this moment.",
        "%(num)s deliveries are not finished at this moment.",
        total,
    )
    return Plot(
        name="deliveries",
        title=_("Deliveries by state"),
        said=said if total else _("No delivery is open."),
        headings=[_("State"), _("Deliveries")],
        rows=[(delivery_word(state), number) for state, number in found.items()],
        lying=True,
    )


# In the order in which they are shown. Learning is not the integration admin's.
OF_BADGES = {one.__name__: one for one in (issued, acceptance, accepting, deliveries)}
OF_LEARNING = {one.__name__: one for one in (completion, levels)}


def offered(of_learning: bool) -> dict[str, Callable[[Window, int | None], Plot]]:
    """Return the plots that a person may see, by name."""
    return OF_BADGES | OF_LEARNING if of_learning else OF_BADGES


def drawn(window: Window, *, of_learning: bool, now: datetime) -> tuple[datetime, list[Plot]]:
    """Return the plots and when they were counted: now, unless so much makes it take long."""
    first = issued(window, learning.MOST_SHOWN)
    others = [make for name, make in offered(of_learning).items() if name != first.name]

    def rest() -> list[Plot]:
        return [make(window, learning.MOST_SHOWN) for make in others]

    if sum(number for _label, number in first.bars) < MANY:
        return now, [first, *rest()]
    kept = current_app.extensions.setdefault("plots", Remembered())
    at, made = kept.get((window, of_learning, str(get_locale())), rest, now)
    return at, [first, *made]


def _spans(taken: dict[int, int]) -> Iterator[tuple[str, int]]:
    """Group the days; the last group holds whatever took longer."""
    since = 0
    for until in WITHIN:
        count = sum(number for days, number in taken.items() if since < days <= until)
        if since + 1 == until:
            yield ngettext("%(num)s day", "%(num)s days", until), count
        else:
            yield _("%(first)s–%(last)s days", first=since + 1, last=until), count
        since = until
    count = sum(number for days, number in taken.items() if days > since)
    yield ngettext("more than %(num)s day", "more than %(num)s days", since), count


def _day(day: date) -> str:
    return format_date(day, format="d MMMM y", rebase=False)


def _bucket(first: date, by_month: bool) -> str:
    return format_date(first, format="LLLL y" if by_month else "d MMM y", rebase=False)
