"""A certification as its learners see it: its courses, how long it is valid, its renewal."""

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.models import Kind
from portal.services.learning import completions, enrolments, renewal
from portal.web.access import page
from portal.web.answers import after
from portal.web.learner.object_page import standing

bp = page("certifications")


@bp.get("/<int:certification_id>")
def show(certification_id: int) -> str:
    found = enrolments.get_for_learner(current_user, certification_id, Kind.CERTIFICATION)
    last, now = enrolments.newest_completion(current_user, found), utc_now()
    return render_template(
        "learner/certifications/show.html",
        **standing(found),
        last=last,
        inner={},
        valid=last and renewal.standing_of(last, now),
        can_renew=renewal.can_renew(last, now),
        renewal_opens=last and renewal.opens_at(last),
    )


@bp.post("/<int:certification_id>/renew")
def renew(certification_id: int) -> Response:
    found = enrolments.get_for_learner(current_user, certification_id, Kind.CERTIFICATION)
    return after(
        lambda: completions.renew(learner=current_user, certification=found, now=utc_now()),
        _("The renewal has begun. Complete once more what belongs to it."),
        url_for(".show", certification_id=found.id),
    )
