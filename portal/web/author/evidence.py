"""Evidence that waits for approval, and what was decided."""

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Evidence
from portal.policies import can_decide_about
from portal.services import days
from portal.services.learning import evidence
from portal.web.access import page
from portal.web.arguments import place, text_argument
from portal.web.attachments import attachment
from portal.web.forms.learners import ApproveForm, ReasonForm
from portal.web.means import means
from portal.wording import words

bp = page("evidence")


@bp.get("")
def index() -> str:
    q, decided = text_argument("q"), text_argument("show") == "decided"
    found = evidence.list_for_approver(current_user, q, decided, place())
    return render_template("author/evidence/index.html", page=found, q=q, decided=decided)


@bp.get("/<int:evidence_id>")
def show(evidence_id: int) -> str:
    given = evidence.get_for_approver(current_user, evidence_id)
    today = utc_now().astimezone(means().time_zone).date()
    return _shown(given, ApproveForm(day=today), ReasonForm())


@bp.post("/<int:evidence_id>/approve")
def approve(evidence_id: int) -> str | AnyResponse:
    given, form, now = (
        evidence.get_for_approver(current_user, evidence_id),
        ApproveForm(),
        utc_now(),
    )
    if form.validate_on_submit():
        at = days.moment_on(form.day.data, means().time_zone, now)
        try:
            evidence.approve(actor=current_user, evidence=given, at=at, now=now)
        except RuleBroken as broken:
            _say(broken, form)
        else:
            flash(_("It is approved, and completed with it."), "success")
            return redirect(url_for(".index"))
    return _shown(evidence.get_for_approver(current_user, evidence_id), form, ReasonForm())


@bp.post("/<int:evidence_id>/reject")
def reject(evidence_id: int) -> str | AnyResponse:
    given, form = evidence.get_for_approver(current_user, evidence_id), ReasonForm()
    if form.validate_on_submit():
        try:
            evidence.reject(
                actor=current_user, evidence=given, reason=form.reason.data, now=utc_now()
            )
        except RuleBroken as broken:
            _say(broken, form)
        else:
            flash(_("It is rejected. The learner reads your reason and can hand in again."), "info")
            return redirect(url_for(".index"))
    return _shown(evidence.get_for_approver(current_user, evidence_id), ApproveForm(), form)


@bp.get("/<int:evidence_id>/file")
def file(evidence_id: int) -> Response:
    given = evidence.get_for_approver(current_user, evidence_id)
    return attachment(given.file_key, given.file_name, given.file_type)


def _say(broken: RuleBroken, form: ApproveForm | ReasonForm) -> None:
    """Say it at the field, or on top: once decided the page has no form any more."""
    if broken.field:
        form.take(broken)
    else:
        flash(words(broken.message), "danger")


def _shown(given: Evidence, approval: ApproveForm, rejection: ReasonForm) -> str:
    return render_template(
        "author/evidence/show.html",
        given=given,
        enrolment=given.enrolment,
        about=given.enrolment.learning_object,
        own=not can_decide_about(current_user, given.enrolment.learner),
        approval=approval,
        rejection=rejection,
        earlier=[one for one in evidence.list_of(given.enrolment) if one.id != given.id],
    )
