"""Who gets, has or does not get a badge by *Award earlier completions*, as a CSV file."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from flask import Response, stream_with_context
from flask_babel import gettext as _

from portal.messages import from_stored
from portal.models import EarlierOutcome, EarlierRun, Person
from portal.services.importing.formulas import quoted
from portal.services.learning import earlier, earlier_verdicts
from portal.services.learning.sources import Source
from portal.web.earlier_views import earlier_outcome, verdict_words
from portal.wording import words

BYTE_ORDER_MARK = "\ufeff"


def of_preview(source: Source, q: str, outcome: str, now: datetime) -> Response:
    """Return everybody the preview would show."""
    badge = source.badge
    found = earlier_verdicts.all_of(source, badge, q, outcome, now) if badge else ()
    return _file(
        "earlier-completions.csv",
        (
            _line(
                one.learner,
                one.completed_at,
                one.outcome,
                verdict_words(one),
            )
            for one in found
        ),
    )


def of_run(run: EarlierRun) -> Response:
    """Return everybody of a run, and what became of them."""
    return _file(
        f"earlier-completions-{run.id}.csv",
        (
            _line(
                row.learner,
                row.completed_at,
                row.outcome,
                words(from_stored(row.reason)) if row.reason else "",
            )
            for row in earlier.all_rows(run)
        ),
    )


def _line(learner: Person, at: datetime, outcome: EarlierOutcome, why: str) -> str:
    return quoted(
        [learner.name, learner.known_email, at.isoformat(), earlier_outcome(outcome).words, why]
    )


def _file(name: str, lines: Iterable[str]) -> Response:
    answer = Response(
        stream_with_context(_with_head(lines)), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _with_head(lines: Iterable[str]) -> Iterator[str]:
    head = [_("Name"), _("Email"), _("Completed"), _("Outcome"), _("Why")]
    yield BYTE_ORDER_MARK + quoted(head)
    yield from lines
