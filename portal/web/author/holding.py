"""A badge that is held before it is sent: its owners let it leave, or cancel it."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.models import Award
from portal.services.learning import holding
from portal.web.access import page
from portal.web.answers import after

bp = page("holding", prefix="/holding/<int:object_id>/<int:award_id>")


@bp.post("/send-now")
def send_now(object_id: int, award_id: int) -> Response:
    award = holding.get_award(current_user, object_id, award_id)
    return after(
        lambda: holding.send_now(actor=current_user, award=award, now=utc_now()),
        _("The badge leaves for Credly now."),
        _why(award),
    )


@bp.route("/cancel", methods=["GET", "POST"])
def cancel(object_id: int, award_id: int) -> str | Response:
    award = holding.get_award(current_user, object_id, award_id)
    if request.method == "GET":
        return render_template("author/holding/cancel.html", award=award, back=_why(award))
    return after(
        lambda: holding.cancel(actor=current_user, award=award, now=utc_now()),
        _("The award was cancelled. Nothing is sent to Credly."),
        _why(award),
    )


def _why(award: Award) -> str:
    place = {"object_id": award.learning_object_id, "person_id": award.learner_id}
    return url_for("author.why.show", **place)
