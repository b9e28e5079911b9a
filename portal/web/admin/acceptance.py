"""Acceptance: from issued over notified to accepted, and who still has to accept, for how long."""

from datetime import datetime

from flask import Response, abort, current_app, render_template

from portal.clock import utc_now
from portal.models import Role
from portal.services import audit
from portal.services.exporting import csv_pieces
from portal.services.issuing import acceptance
from portal.services.issuing.acceptance import Narrowed
from portal.services.learning import accepted_through
from portal.services.paging import Page
from portal.services.remembering import Remembered
from portal.web import funnels
from portal.web.access import page
from portal.web.answers import attached
from portal.web.arguments import page_number, place

bp = page("acceptance", Role.ADMIN)
MANY = 5000  # so many badges at Credly, and they are counted once a minute


@bp.get("")
def index() -> str:
    narrowed, now = funnels.narrowed(), utc_now()
    counted_at, totals, listed = _counted(narrowed, now)
    return render_template(
        "admin/acceptance/index.html",
        totals=totals,
        plots=funnels.plots(totals).values(),
        page=listed,
        counted_at=counted_at,
        now=now,
        headings=funnels.headings(funnels.order()),
        periods=funnels.periods(),
        tables=funnels.tables(),
        days=narrowed.days,
        by_source=funnels.by_source(),
        ages=funnels.AGES,
    )


@bp.get("/table.csv")
def table() -> Response:
    narrowed, order, now = funnels.narrowed(), funnels.order(), utc_now()
    every = accepted_through.every_source if funnels.by_source() else acceptance.every_badge
    rows = funnels.rows(every(narrowed, order, now))
    return attached(csv_pieces(funnels.columns(), rows), "acceptance.csv")


@bp.get("/figures/<name>.csv")
def numbers(name: str) -> Response:
    plot = funnels.plots(acceptance.totals(funnels.narrowed(), utc_now())).get(name)
    if plot is None:
        abort(404)
    rows = ([str(cell) for cell in row] for row in plot.rows)
    return attached(csv_pieces(plot.headings, rows), f"acceptance-{name}.csv")


@bp.get("/pending")
def pending() -> str:
    narrowed, now = funnels.narrowed(), utc_now()
    return render_template(
        "admin/acceptance/pending.html",
        page=acceptance.list_pending(narrowed, now, place()),
        narrowed=narrowed,
        kept=funnels.kept(narrowed),
        about=funnels.about(narrowed),
        ages=funnels.AGES,
        periods=funnels.PERIODS,
        now=now,
    )


@bp.post("/pending.csv")
def pending_file() -> Response:
    audit.downloaded("export.pending")
    rows = funnels.pending_rows(acceptance.every_pending(funnels.narrowed(), utc_now()))
    return attached(csv_pieces(funnels.pending_columns(), rows), "acceptance-pending.csv")


def _counted(narrowed: Narrowed, now: datetime) -> tuple[datetime, dict[str, int], Page]:
    """Return when it was counted, the whole funnel, and a page of the table."""
    by_source, order, number = funnels.by_source(), funnels.order(), page_number()
    rows = accepted_through.by_source if by_source else acceptance.by_badge
    if not acceptance.are_many(MANY):
        return now, acceptance.totals(narrowed, now), rows(narrowed, order, number, now)
    kept = current_app.extensions.setdefault("funnels", Remembered())
    whole = kept.get(narrowed, lambda: acceptance.totals(narrowed, now), now)
    question = (narrowed, by_source, order, number)
    table = kept.get(question, lambda: rows(narrowed, order, number, now), now)
    return min(whole[0], table[0]), whole[1], table[1]
