"""How one gets a badge and how far one is, for the learner themselves."""

from flask import render_template
from flask_login import current_user

from portal.clock import utc_now
from portal.services.issuing import badges
from portal.services.learning import why
from portal.web.access import page
from portal.web.explaining import page_values
from portal.web.why_steps import Audience

bp = page("why")


@bp.get("/<int:badge_id>")
def show(badge_id: int) -> str:
    told = why.explain_to_learner(current_user, badges.get(badge_id), utc_now())
    return render_template("learner/why/show.html", **page_values(told, Audience.LEARNER))
