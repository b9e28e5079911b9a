"""Reports in the reader's language: what they are, and the cells of their rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.models import AwardState
from portal.services.reports import awards, badges, completions, skills, transcripts
from portal.services.reports.badges import BadgeFigures
from portal.services.reports.batches import Wanted
from portal.services.reports.transcripts import Entry, Line
from portal.web import report_columns as columns
from portal.web.kinds import kind_name
from portal.web.means import means
from portal.web.report_columns import CREDLY
from portal.web.states import badge_state

_AWARDS = {
    AwardState.EARNED: _l("Earned"),
    AwardState.CANCELLED: _l("Cancelled"),
    AwardState.REVOKED: _l("Revoked"),
}
ENTRIES = {
    Entry.COMPLETION: _l("Completed"),
    Entry.LEVEL: _l("Skill level"),
    Entry.BADGE: _l("Badge"),
}


@dataclass(frozen=True)
class Report:
    """`columns` are headings with what they hold; `cells` are the rows, ready to be written."""

    name: str
    title: str
    line: str
    columns: tuple[tuple[str, str], ...]
    cells: Callable[[Wanted], Iterator[list[str]]]

    @property
    def headings(self) -> list[str]:
        """The first line of the file."""
        return [str(heading) for heading, _meaning in self.columns]


def _awards(wanted: Wanted) -> Iterator[list[str]]:
    for row in awards.rows(wanted):
        yield [
            *(row.last_name, row.first_name, row.email),
            row.own_name or row.template_name or "",
            kind_name(row.kind) if row.kind else _("Skill level"),
            row.title or level_words(row.skill, row.level),
            moment_text(row.earned_at),
            moment_text(row.expires_at),
            str(_AWARDS[row.state]),
            _("Not sent by choice") if row.not_sent_because else credly_word(row.at_credly),
            row.badge_url or "",
        ]


def _completions(wanted: Wanted) -> Iterator[list[str]]:
    for row in completions.rows(wanted):
        yield [
            *(row.last_name, row.first_name, row.email),
            *(kind_name(row.kind), row.title, str(row.attempt)),
            *map(moment_text, (row.enrolled_at, row.completed_at)),
            _("No") if row.success is False else _("Yes"),
            moment_text(row.expires_at),
            row.own_name or row.template_name or "",
        ]


def _skills(wanted: Wanted) -> Iterator[list[str]]:
    for row in skills.rows(wanted):
        yield [
            *(row.last_name, row.first_name, row.email),
            *(row.skill, str(row.level), moment_text(row.reached_at)),
            row.path or _("Credits"),
        ]


def _badges(wanted: Wanted) -> Iterator[list[str]]:
    for row in badges.rows(wanted):
        yield _badge_cells(row)


def _badge_cells(row: BadgeFigures) -> list[str]:
    badge, states = row.badge, row.at_credly
    return [
        badge.name,
        badge_state(badge).words,
        badge.connection.name if badge.connection else "",
        badge.external_badge_id or "",
        *(str(row.earned), str(row.people), moment_text(row.last_earned)),
        str(sum(states.values())),
        *(str(states.get(state, 0)) for state in CREDLY),
    ]


def _transcripts(wanted: Wanted) -> Iterator[list[str]]:
    for person, line in transcripts.rows(wanted):
        yield [person.last_name, person.first_name, person.email, *line_cells(line)]


def line_cells(line: Line) -> list[str]:
    """Return the cells of a line of a transcript."""
    return [
        str(ENTRIES[line.entry]),
        level_words(line.title, line.level) if line.level else line.title,
        kind_name(line.kind) if line.kind else "",
        moment_text(line.at),
        moment_text(line.expires_at),
        state_of(line),
        line.url or "",
    ]


def state_of(line: Line) -> str:
    """Return in a word where something stands that is not simply so."""
    if line.success is False:
        return _("Without success")
    if line.state and (line.state != AwardState.EARNED or not line.at_credly):
        return str(_AWARDS[AwardState(line.state)])
    return credly_word(line.at_credly)


def credly_word(state: str | None) -> str:
    """Return the word for Credly's state; what we do not know stands as it is."""
    return str(CREDLY.get(state, state)) if state else ""


def level_words(skill: str, level: int) -> str:
    """Return how a level of a skill is called."""
    return _("%(skill)s, level %(level)s", skill=skill, level=level)


def moment_text(moment: datetime | None) -> str:
    """Write a moment as spreadsheets read it, in the portal's time zone."""
    return f"{moment.astimezone(means().time_zone):%Y-%m-%d %H:%M}" if moment else ""


def offered() -> dict[str, Report]:
    """Return the reports by name, in the order in which they are listed."""
    found = (
        Report(
            "awards",
            _("Awards"),
            _("Who earned which badge through what, and where it stands at Credly."),
            columns.of_awards(),
            _awards,
        ),
        Report(
            "transcripts",
            _("Learner transcripts"),
            _("Person by person what they completed, reached and earned, with their badges."),
            (*columns.PERSON, *columns.of_lines()),
            _transcripts,
        ),
        Report(
            "badges",
            _("Badges"),
            _("How often each badge was earned and issued, and what became of it."),
            columns.of_badges(),
            _badges,
        ),
        Report(
            "skills", _("Skills"), _("Who reached which skill level."), columns.of_skills(), _skills
        ),
        Report(
            "completions",
            _("Completions"),
            _("Who completed what, with or without success."),
            columns.of_completions(),
            _completions,
        ),
    )
    return {one.name: one for one in found}
