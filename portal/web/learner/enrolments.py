"""Enrolling and withdrawing, the same for every kind of learning object."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.models import LearningObject
from portal.services.learning import completions, enrolments
from portal.web.access import page
from portal.web.answers import after
from portal.web.kinds import kind_at, learner_url

bp = page("enrolments", prefix="/<kind>/<int:object_id>")


@bp.post("/enrol")
def enrol(kind: str, object_id: int) -> Response:
    about = _object(kind, object_id)
    return after(
        lambda: completions.enrol(learner=current_user, learning_object=about, now=utc_now()),
        _("You are enrolled. Enjoy it."),
        learner_url(about),
    )


@bp.route("/withdraw", methods=["GET", "POST"])
def withdraw(kind: str, object_id: int) -> str | Response:
    about = _object(kind, object_id)
    if request.method == "POST":
        return after(
            lambda: completions.withdraw(learner=current_user, learning_object=about),
            _("You have withdrawn."),
            url_for("learner.catalogue.index"),
        )
    enrolment = enrolments.enrolment_of(current_user, about)
    if enrolment is None or enrolment.done:
        flash(_("There is nothing to withdraw from."), "info")
        return redirect(learner_url(about))
    return render_template("learner/enrolments/withdraw.html", about=about)


def _object(kind: str, object_id: int) -> LearningObject:
    return enrolments.get_for_learner(current_user, object_id, kind_at(kind))
