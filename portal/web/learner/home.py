"""Where a learner's day begins: what is in progress, and the newest badges."""

from flask import render_template
from flask_login import current_user

from portal.services.issuing import awards
from portal.services.learning import enrolments
from portal.web.access import page

bp = page("home", prefix="/")
NEWEST = 4


@bp.get("")
def index() -> str:
    newest = awards.list_for_learner(current_user, "", 1).rows[:NEWEST]
    return render_template(
        "learner/home/index.html",
        begun=enrolments.in_progress(current_user),
        newest=newest,
        held=awards.already_held(current_user, newest),
    )
