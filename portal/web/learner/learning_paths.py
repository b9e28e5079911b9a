"""A learning path as its learners see it: its sections, what is open now, how far they are."""

from flask import render_template
from flask_login import current_user

from portal.models import Kind
from portal.services.learning import enrolments, nested
from portal.web.access import page
from portal.web.learner.object_page import standing

bp = page("learning_paths")


@bp.get("/<int:path_id>")
def show(path_id: int) -> str:
    path = enrolments.get_for_learner(current_user, path_id, Kind.LEARNING_PATH)
    shown = standing(path)
    inner = nested.progress_within(current_user, shown["progress"])
    return render_template("learner/learning_paths/show.html", **shown, inner=inner)
