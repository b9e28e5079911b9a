"""Acceptance: from issued over notified to accepted, and who still has to accept, for how long."""

from flask import Response, abort, render_template

from portal.clock import utc_now
from portal.models import Role
from portal.services import audit
from portal.services.exporting import csv_pieces
from portal.services.issuing import acceptance
from portal.services.learning import accepted_through
from portal.web import funnels
from portal.web.access import page
from portal.web.answers import attached
from portal.web.arguments import page_number

bp = page("acceptance", Role.ADMIN)


@bp.get("")
def index() -> str:
    narrowed, order, now = funnels.narrowed(), funnels.order(), utc_now()
    listed = accepted_through.by_source if funnels.by_source() else acceptance.by_badge
    totals = acceptance.totals(narrowed, now)
    return render_template(
        "admin/acceptance/index.html",
        totals=totals,
        plots=funnels.plots(totals).values(),
        page=listed(narrowed, order, page_number(), now),
        headings=funnels.headings(order),
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
        page=acceptance.list_pending(narrowed, page_number(), now),
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
