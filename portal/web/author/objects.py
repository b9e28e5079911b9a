"""What authors do with a learning object of any kind: see it, give it a badge, publish, retire."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import LearningObject
from portal.policies import is_admin
from portal.services.issuing import badges
from portal.services.learning import coverage, objects, owners
from portal.web.access import page
from portal.web.answers import after
from portal.web.arguments import number_of
from portal.web.author.object_page import object_page
from portal.web.forms.objects import BadgeChoiceForm, OwnerForm
from portal.web.kinds import author_url, kind_at
from portal.wording import words

bp = page("objects", prefix="/<kind>/<int:object_id>")


@bp.get("")
def show(kind: str, object_id: int) -> str:
    return object_page(_object(kind, object_id))


@bp.post("/badge")
def badge(kind: str, object_id: int) -> str | Response:
    one, form = _object(kind, object_id), BadgeChoiceForm()
    if form.validate_on_submit():
        chosen = badges.get(form.badge.data) if form.badge.data else None
        try:
            objects.attach_badge(
                actor=current_user, learning_object=one, badge=chosen, now=utc_now()
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The badge was saved.") if chosen else _("The badge was taken off."), "success")
            return redirect(author_url(one))
    return object_page(one, form)


@bp.post("/publish")
def publish(kind: str, object_id: int) -> Response:
    one = _object(kind, object_id)
    try:
        objects.publish(actor=current_user, learning_object=one, now=utc_now())
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
    else:
        flash(_("Published. Learners find it in the catalogue now."), "success")
    return redirect(author_url(one))


@bp.route("/retire", methods=["GET", "POST"])
def retire(kind: str, object_id: int) -> str | Response:
    one = _object(kind, object_id)
    if request.method == "POST":
        objects.retire(actor=current_user, learning_object=one, now=utc_now())
        flash(_("Retired. It is no longer in the catalogue."), "success")
        return redirect(author_url(one))
    return render_template(
        "author/objects/retire.html",
        one=one,
        unfinished=objects.unfinished(one),
        relying=coverage.relying_on(one),
    )


@bp.route("/owners", methods=["GET", "POST"])
def owners_of(kind: str, object_id: int) -> str | Response:
    one, form = _object(kind, object_id), OwnerForm()
    if form.validate_on_submit():
        try:
            person = owners.add(
                actor=current_user, learning_object=one, email=form.email.data, now=utc_now()
            )
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("%(name)s is an owner now.", name=person.name), "success")
            return redirect(request.path)
    may_remove = is_admin(current_user)
    return render_template(
        "author/objects/owners_of.html", one=one, form=form, may_remove=may_remove
    )


@bp.post("/owners/remove")
def remove_owner(kind: str, object_id: int) -> Response:
    one = _object(kind, object_id)
    return after(
        lambda: owners.remove(
            actor=current_user, learning_object=one, person_id=number_of("person"), now=utc_now()
        ),
        _("They are not an owner any more."),
        author_url(one) + "/owners",
    )


def _object(kind: str, object_id: int) -> LearningObject:
    return objects.get_for_editing(current_user, kind_at(kind), object_id)
