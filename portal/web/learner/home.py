"""Where a learner's day begins: what is in progress, and the newest badges."""

from flask import render_template
from flask_login import current_user

from portal.clock import utc_now
from portal.services.issuing import awards, wallet
from portal.services.learning import enrolments
from portal.web.access import page

bp = page("home", prefix="/")
NEWEST = 4


@bp.get("")
def index() -> str:
    newest = wallet.list_for_learner(current_user, wallet.Wanted(), 1, utc_now()).rows[:NEWEST]
    return render_template(
        "learner/home/index.html",
        begun=enrolments.in_progress(current_user),
        newest=newest,
        held=awards.already_held(current_user, newest),
    )
