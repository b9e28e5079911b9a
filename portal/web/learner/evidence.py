"""Evidence as its learner sees it: hand it in, look at it again."""

from flask import Response, flash, redirect, render_template
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import LearningObject
from portal.services.learning import enrolments, evidence
from portal.web.access import page
from portal.web.attachments import attachment
from portal.web.forms.evidence import EvidenceForm
from portal.web.kinds import kind_at, learner_url
from portal.web.means import means
from portal.wording import words

bp = page("evidence", prefix="/")


@bp.route("/<kind>/<int:object_id>/evidence", methods=["GET", "POST"])
def new(kind: str, object_id: int) -> str | AnyResponse:
    about = enrolments.get_for_learner(current_user, object_id, kind_at(kind))
    form = EvidenceForm()
    try:
        evidence.may_hand_in(current_user, about, utc_now())
    except RuleBroken as broken:
        flash(words(broken.message), "info")
        return redirect(learner_url(about))
    if form.validate_on_submit():
        try:
            _hand_in(about, form)
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("It is handed in. You see here what comes of it."), "success")
            return redirect(learner_url(about))
    return render_template("learner/evidence/new.html", about=about, form=form)


@bp.get("/evidence/<int:evidence_id>/file")
def file(evidence_id: int) -> Response:
    given = evidence.get_own(current_user, evidence_id)
    return attachment(given.file_key, given.file_name, given.file_type)


def _hand_in(about: LearningObject, form: EvidenceForm) -> None:
    kept = form.keep_file(means())
    evidence.hand_in(
        learner=current_user,
        learning_object=about,
        text=form.text.data or "",
        address=form.address.data or "",
        file=kept,
        now=utc_now(),
    )
