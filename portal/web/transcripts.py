"""The words of a transcript: as a page, as a file of lines, as PDF."""

from datetime import datetime

from flask import Response
from flask_babel import format_date, get_locale, ngettext
from flask_babel import gettext as _

from portal.models import Person
from portal.services.exporting import csv_pieces
from portal.services.reports import transcripts
from portal.services.reports.transcripts import Line, Transcript
from portal.web.answers import attached
from portal.web.means import means
from portal.web.report_columns import of_lines
from portal.web.reports import ENTRIES, level_words, line_cells, state_of
from portal.web.saying import day

PDF_TYPE = "application/pdf"


def as_csv(person: Person) -> Response:
    """Answer with the lines as CSV."""
    columns = [str(heading) for heading, _meaning in of_lines()]
    lines = map(line_cells, transcripts.of_person(person))
    return attached(csv_pieces(columns, lines), "transcript.csv")


def as_pdf(person: Person, now: datetime) -> Response:
    """Answer with a PDF to print or to send on."""
    words = _words(person, transcripts.of_person(person), now)
    return attached([transcripts.as_file(words)], "transcript.pdf", PDF_TYPE)


def sentence(lines: list[Line], now: datetime) -> str:
    """Say where the transcript comes from, how much it holds, and of which day it is."""
    return ngettext(
        "%(num)s entry from %(portal)s, as of %(day)s.",
        "%(num)s entries from %(portal)s, as of %(day)s.",
        len(lines),
        portal=means().portal_name,
        day=day(now),
    )


def shown(lines: list[Line]) -> list[tuple[str, str, str, str]]:
    """Return day, what, title and state of each line, as people write them."""
    return [
        (
            format_date(line.at, format="d MMM y"),
            str(ENTRIES[line.entry]),
            level_words(line.title, line.level) if line.level else line.title,
            _state(line),
        )
        for line in lines
    ]


def _state(line: Line) -> str:
    if line.expires_at is None:
        return state_of(line)
    until = format_date(line.expires_at, format="d MMM y")
    return " · ".join(filter(None, (state_of(line), _("until %(day)s", day=until))))


def _words(person: Person, lines: list[Line], now: datetime) -> Transcript:
    return Transcript(
        heading=_("Transcript"),
        holder=person.name,
        sentence=sentence(lines, now),
        headings=(_("Day"), _("What"), _("Title"), _("State")),
        lines=tuple(shown(lines)),
        language=str(get_locale() or "en"),
        made_at=now,
    )
