"""Taking a completion back: what would go, the reason, and what to do about what has left."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Award, Enrolment, LearningObject
from portal.services.issuing.marks import marks_of
from portal.services.learning import learners, objects, resting, undo, undone
from portal.web.access import page
from portal.web.forms.awards import RevokeForm
from portal.web.forms.learners import ReasonForm
from portal.web.kinds import kind_at
from portal.wording import words

bp = page("undo", prefix="/<kind>/<int:object_id>/learners/<int:enrolment_id>")


@bp.route("/undo", methods=["GET", "POST"])
def index(kind: str, object_id: int, enrolment_id: int) -> str | Response:
    about, enrolment = _asked(kind, object_id, enrolment_id)
    form = ReasonForm()
    try:
        plan = resting.plan_for(enrolment)
        if form.validate_on_submit():
            said = form.reason.data
            undo.undo(actor=current_user, enrolment=enrolment, reason=said, now=utc_now())
            flash(_("The completion was taken back."), "success")
            return redirect(url_for(".show", **_place(kind, object_id, enrolment_id)))
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(url_for("author.learners.index", kind=kind, object_id=object_id))
    told = {"about": about, "enrolment": enrolment, "plan": plan, "form": form}
    return render_template("author/undo/index.html", marks=marks_of(plan.awards), **told)


@bp.get("/undone")
def show(kind: str, object_id: int, enrolment_id: int) -> str:
    about, enrolment = _asked(kind, object_id, enrolment_id)
    return render_template(
        "author/undo/show.html",
        about=about,
        enrolment=enrolment,
        account=undone.account_of(enrolment),
        can_be_revoked=undone.can_be_revoked,
    )


@bp.route("/undone/<int:award_id>/revoke", methods=["GET", "POST"])
def revoke(kind: str, object_id: int, enrolment_id: int, award_id: int) -> str | Response:
    about, enrolment = _asked(kind, object_id, enrolment_id)
    award = undone.get_left(enrolment, award_id)
    form = RevokeForm()
    if form.validate_on_submit():
        try:
            _revoke(award, form)
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Credly is asked to revoke the badge."), "success")
            return redirect(url_for(".show", **_place(kind, object_id, enrolment_id)))
    return render_template(
        "author/undo/revoke.html", about=about, enrolment=enrolment, award=award, form=form
    )


def _asked(kind: str, object_id: int, enrolment_id: int) -> tuple[LearningObject, Enrolment]:
    about = objects.get_for_editing(current_user, kind_at(kind), object_id)
    return about, learners.enrolment_on(about, enrolment_id)


def _place(kind: str, object_id: int, enrolment_id: int) -> dict[str, object]:
    return {"kind": kind, "object_id": object_id, "enrolment_id": enrolment_id}


def _revoke(award: Award, form: RevokeForm) -> None:
    undone.revoke(
        actor=current_user,
        award=award,
        reason=form.reason.data,
        suppress_mail=form.suppress_mail.data,
        now=utc_now(),
    )
