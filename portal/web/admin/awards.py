"""Awards: who earned what, where it stands at Credly, and revoking it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Role
from portal.services.issuing import awards, deliveries, operations
from portal.services.issuing.marks import marks_of
from portal.web.access import page
from portal.web.arguments import place, text_argument
from portal.web.forms.awards import RevokeForm

bp = page("awards", Role.ADMIN)


@bp.get("")
def index() -> str:
    q, state = text_argument("q"), text_argument("state")
    found = awards.list_for_admin(q, state, place())
    marks = marks_of(found.rows)
    return render_template("admin/awards/index.html", page=found, q=q, state=state, marks=marks)


@bp.get("/<int:award_id>")
def show(award_id: int) -> str:
    award = awards.get(award_id)
    return render_template(
        "admin/awards/show.html",
        award=award,
        marks=marks_of([award]),
        deliveries=deliveries.list_of(award.issued_badge),
        can_be_revoked=operations.can_be_revoked(award.issued_badge),
    )


@bp.route("/<int:award_id>/revoke", methods=["GET", "POST"])
def revoke(award_id: int) -> str | Response:
    award = awards.get(award_id)
    form = RevokeForm()
    if form.validate_on_submit():
        try:
            operations.revoke(
                actor=current_user,
                issued=award.issued_badge,
                reason=form.reason.data,
                suppress_mail=form.suppress_mail.data,
                now=utc_now(),
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("Credly is asked to revoke the badge."), "success")
            return redirect(url_for(".show", award_id=award_id))
    return render_template("admin/awards/revoke.html", award=award, form=form)
