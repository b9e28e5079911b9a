"""Erasing a person in two steps: asked for, then for good."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Role
from portal.services.people import people
from portal.services.privacy import erasure
from portal.web.access import page
from portal.web.answers import after
from portal.web.forms.privacy import AskErasureForm, EraseForm
from portal.web.means import means
from portal.wording import words

bp = page("erasures", Role.ADMIN, prefix="/people")


@bp.route("/<int:person_id>/erase", methods=["GET", "POST"])
def ask(person_id: int) -> str | Response:
    person = people.get(person_id)
    form = AskErasureForm()
    if form.validate_on_submit():
        wish = {"actor": current_user, "person": person, "reason": form.reason.data or ""}
        try:
            erasure.ask_for(**wish, now=utc_now())
        except RuleBroken as broken:
            flash(words(broken.message), "danger")
            return redirect(url_for("admin.people.show", person_id=person.id))
        return redirect(url_for(".confirm", person_id=person.id))
    extent = erasure.extent_of(person)
    return render_template("admin/erasures/ask.html", person=person, form=form, extent=extent)


@bp.route("/<int:person_id>/erase/for-good", methods=["GET", "POST"])
def confirm(person_id: int) -> str | Response:
    person = people.get(person_id)
    if person.erasure_asked_at is None or person.erased_at is not None:
        return redirect(url_for("admin.people.show", person_id=person.id))
    form = EraseForm()
    if form.validate_on_submit():
        choice = {"typed": form.email.data or "", "revoke": form.revoke.data == "yes"}
        try:
            erasure.erase(actor=current_user, person=person, **choice, means=means(), now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The person is erased for good."), "success")
            return redirect(url_for("admin.people.index"))
    extent = erasure.extent_of(person)
    return render_template("admin/erasures/confirm.html", person=person, form=form, extent=extent)


@bp.post("/<int:person_id>/erase/take-back")
def take_back(person_id: int) -> Response:
    person = people.get(person_id)
    return after(
        lambda: erasure.take_back(actor=current_user, person=person, now=utc_now()),
        _("%(name)s is kept and can sign in again.", name=person.name),
        url_for("admin.people.show", person_id=person.id),
    )
