"""The dashboard: what needs a person, whether the connections work, what is covered."""

from flask import render_template
from flask_login import current_user

from portal.clock import utc_now
from portal.policies import is_admin
from portal.services.issuing import books, connections, deliveries, figures
from portal.services.learning import coverage
from portal.web.access import page
from portal.web.means import means

bp = page("dashboard", prefix="/")


@bp.get("")
def index() -> str:
    return render_template(
        "admin/dashboard/index.html",
        connections=connections.list_all(),
        counts=deliveries.counts(),
        weeks=figures.issued_per_week(means().time_zone, utc_now()),
        funnel=figures.funnel(),
        books=books.newest_done(),
        without_badge=coverage.without_badge(),
        levels_without_badge=coverage.levels_without_badge(),
        unused_badges=coverage.unused_badges(),
        is_admin=is_admin(current_user),
        now=utc_now(),
    )
