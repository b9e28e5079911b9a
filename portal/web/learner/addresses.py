"""A person's own addresses: the one to sign in with and the one for badges."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import NotFound, RuleBroken
from portal.models import LinkPurpose
from portal.services.issuing import operations
from portal.services.people import addresses
from portal.web.access import page
from portal.web.answers import after
from portal.web.following import say_what_follows
from portal.web.forms.people import BadgeEmailForm, CodeForm, SignInEmailForm
from portal.web.letting_in import address, let_in
from portal.web.means import means

bp = page("addresses", prefix="/profile/addresses")
KINDS = {"sign-in": LinkPurpose.SIGN_IN_EMAIL, "badges": LinkPurpose.BADGE_EMAIL}


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response:
    form = SignInEmailForm()
    if form.validate_on_submit():
        values = {"email": form.email.data, "password": form.password.data or "", "means": means()}
        try:
            addresses.ask_sign_in(person=current_user, **values, remote=address(), now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            return to_code("sign-in")
    return render_template("learner/addresses/sign_in.html", form=form, means=means())


@bp.route("/badges", methods=["GET", "POST"])
def badges() -> str | Response:
    form, now = BadgeEmailForm(data={"email": current_user.address_for_badges}), utc_now()
    if form.validate_on_submit():
        values = {"email": form.email.data, "password": form.password.data or "", "means": means()}
        try:
            if addresses.ask_badge(person=current_user, **values, remote=address(), now=now):
                return to_code("badges")
            return taken(operations.follow(learner=current_user, now=now))
        except RuleBroken as broken:
            form.take(broken)
    shown = {"form": form, "means": means(), "reach": operations.reach_of(current_user)}
    return render_template("learner/addresses/badges.html", **shown)


@bp.route("/<kind>/code", methods=["GET", "POST"])
def code(kind: str) -> str | Response:
    form, now = CodeForm(), utc_now()
    asked = addresses.waiting(current_user, now).get(purpose_of(kind))
    if asked is None:
        flash(_("No address is waiting to be confirmed."), "info")
        return redirect(url_for("learner.profile.index"))
    if means().mail_is_set_up and form.validate_on_submit():
        values = {"kind": KINDS[kind], "code": form.code.data, "now": now}
        try:
            return taken(addresses.confirm(person=current_user, **values))
        except RuleBroken as broken:
            form.take(broken)
    shown = {"kind": kind, "address": asked, "by_mail": means().mail_is_set_up}
    return render_template("learner/addresses/code.html", form=form, **shown)


@bp.post("/<kind>/again")
def again(kind: str) -> Response:
    values = {"kind": purpose_of(kind), "means": means(), "now": utc_now()}
    return after(
        lambda: addresses.send_again(person=current_user, **values),
        _("Another code is on its way."),
        url_for(".code", kind=kind),
    )


@bp.post("/<kind>/drop")
def drop(kind: str) -> Response:
    addresses.drop(current_user, purpose_of(kind))
    flash(_("Your address stays as it is."), "success")
    return redirect(url_for("learner.profile.index"))


def purpose_of(kind: str) -> LinkPurpose:
    if kind not in KINDS:
        raise NotFound
    return KINDS[kind]


def to_code(kind: str) -> Response:
    return redirect(url_for(".code", kind=kind))


def taken(followed: operations.Followed) -> Response:
    """Say that the address is the person's now; whoever signs in with another begins anew."""
    flash(_("Your address is changed."), "success")
    say_what_follows(followed)
    return let_in(current_user, url_for("learner.profile.index"))
