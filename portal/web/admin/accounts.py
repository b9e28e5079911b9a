"""What an administrator does for the account of somebody who cannot do it alone."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import NotFound, RuleBroken
from portal.models import LinkPurpose, Role
from portal.services.issuing import confirmed_names
from portal.services.people import addresses, people, second_factor
from portal.web.access import page
from portal.web.following import say_what_follows
from portal.web.letting_in import let_in
from portal.web.means import means
from portal.wording import words

bp = page("accounts", Role.ADMIN, prefix="/people")


@bp.post("/<int:person_id>/addresses/<kind>/confirm")
def confirm_address(person_id: int, kind: str) -> Response:
    person, values = people.get(person_id), {"kind": purpose_of(kind), "now": utc_now()}
    url = url_for("admin.people.show", person_id=person_id)
    try:
        followed = addresses.confirm_for(actor=current_user, person=person, **values)
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(url)
    flash(_("The address of %(name)s is changed.", name=person.name), "success")
    say_what_follows(followed)
    return let_in(person, url) if person.id == current_user.id else redirect(url)


@bp.post("/<int:person_id>/addresses/<kind>/refuse")
def refuse_address(person_id: int, kind: str) -> Response:
    person = people.get(person_id)
    values = {"kind": purpose_of(kind), "now": utc_now()}
    addresses.refuse(actor=current_user, person=person, **values)
    flash(_("The address of %(name)s stays as it is.", name=person.name), "success")
    return redirect(url_for("admin.people.show", person_id=person_id))


@bp.post("/<int:person_id>/name/confirm")
def confirm_name(person_id: int) -> Response:
    person, asked = people.get(person_id), {"actor": current_user, "now": utc_now()}
    delivery_id = request.form.get("delivery", type=int)
    url = url_for("admin.people.show", person_id=person_id)
    if delivery_id:  # where the button was pressed
        url = url_for("admin.deliveries.show", delivery_id=delivery_id)
    try:
        count = confirmed_names.confirm(person=person, name=request.form.get("name", ""), **asked)
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
        return redirect(url)
    flash(_("It is noted that this name is right."), "success")
    if count:
        flash(ngettext("%(num)s badge goes on.", "%(num)s badges go on.", count), "info")
    return redirect(url)


@bp.route("/<int:person_id>/second-factor", methods=["GET", "POST"])
def reset_factor(person_id: int) -> str | Response:
    person = people.get(person_id)
    url = url_for("admin.people.show", person_id=person_id)
    if person.second_factor_at is None:
        flash(_("%(name)s has no second factor.", name=person.name), "info")
        return redirect(url)
    if request.method == "POST":
        second_factor.reset(actor=current_user, person=person, now=utc_now())
        flash(_("The second factor of %(name)s is gone.", name=person.name), "success")
        return redirect(url)
    needed = means().staff_second_factor and bool(person.roles)
    return render_template("admin/accounts/reset_factor.html", person=person, needed=needed)


def purpose_of(kind: str) -> LinkPurpose:
    if kind not in set(addresses.KINDS):
        raise NotFound
    return LinkPurpose(kind)
