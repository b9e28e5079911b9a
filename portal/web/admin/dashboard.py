"""The dashboard: what needs a person, whether the connections work, how badges and learning do."""

from flask import abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.policies import is_admin
from portal.services.exporting import csv_pieces
from portal.services.issuing import books, connections, figures
from portal.services.learning import coverage
from portal.services.people import groups
from portal.web import plots
from portal.web.access import page
from portal.web.answers import attached
from portal.web.arguments import kept_arguments
from portal.web.forms.windows import WindowForm

bp = page("dashboard", prefix="/")


@bp.get("")
def index() -> str:
    form, now = _form(), utc_now()
    of_learning = is_admin(current_user)
    counted_at, drawn = plots.drawn(form.window(now), of_learning=of_learning, now=now)
    return render_template(
        "admin/dashboard/index.html",
        form=form,
        plots=drawn,
        counted_at=counted_at,
        connections=connections.list_all(),
        counts=figures.open_deliveries(),
        books=books.newest_done(),
        without_badge=coverage.without_badge(),
        levels_without_badge=coverage.levels_without_badge(),
        unused_badges=coverage.unused_badges(),
        is_admin=of_learning,
        now=now,
    )


@bp.get("/figures/<name>.csv")
def numbers(name: str) -> Response:
    plot = plots.offered(is_admin(current_user)).get(name)
    if plot is None:
        abort(404)
    form = _form()
    made = plot(form.window(utc_now()), None)
    if form.errors:  # the page says what is wrong
        return redirect(url_for(".index", **kept_arguments()))
    rows = ([str(cell) for cell in row] for row in made.rows)
    return attached(csv_pieces(made.headings, rows), f"{name}.csv")


def _form() -> WindowForm:
    """Return the filter; groups are people, which are not the integration admin's."""
    form = WindowForm(request.args)
    return form.offer(groups.every() if is_admin(current_user) else [])
