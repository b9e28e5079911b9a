"""A person's own second factor: set up, given new recovery codes, switched off."""

from collections.abc import Callable

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.services.people import second_factor
from portal.web.access import home, page
from portal.web.forms.people import CodeForm, PasswordForm
from portal.web.letting_in import address, wanted_page
from portal.web.means import means
from portal.web.qr_codes import as_picture

bp = page("second_factor")


@bp.route("", methods=["GET", "POST"])
def index() -> str | Response:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            second_factor.begin(**asked(form), means=means())
        except RuleBroken as broken:
            form.take(broken)
        else:
            return redirect(url_for(".set_up"))
    return render_template(
        "learner/second_factor/index.html",
        form=form,
        needed=means().staff_second_factor and bool(current_user.roles),
        codes_left=second_factor.codes_left(current_user),
    )


@bp.route("/set-up", methods=["GET", "POST"])
def set_up() -> str | Response:
    form, secret = CodeForm(), second_factor.secret_to_confirm(current_user, means())
    if secret is None:
        return redirect(url_for(".index"))
    if form.validate_on_submit():
        values = {"code": form.code.data, "id_hash": session.id_hash, "means": means()}
        try:
            codes = second_factor.confirm(person=current_user, **values, now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            return shown(codes)
    return render_template(
        "learner/second_factor/set_up.html",
        form=form,
        picture=as_picture(second_factor.app_address(current_user, secret, means())),
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


@bp.route("/codes", methods=["GET", "POST"])
def codes() -> str | Response:
    return with_password(
        "learner/second_factor/codes.html",
        lambda form: shown(second_factor.new_codes(**proof(form))),
    )


@bp.route("/switch-off", methods=["GET", "POST"])
def switch_off() -> str | Response:
    return with_password("learner/second_factor/switch_off.html", turn_off)


def turn_off(form: PasswordForm) -> Response:
    second_factor.switch_off(**proof(form))
    flash(_("The second factor is off. Your password alone lets you in."), "success")
    return redirect(url_for(".index"))


def with_password(template: str, work: Callable[[PasswordForm], str | Response]) -> str | Response:
    """Ask for the password on a page of its own, then do the work."""
    form = PasswordForm()
    if current_user.second_factor_at is None:
        return redirect(url_for(".index"))
    if form.validate_on_submit():
        try:
            return work(form)
        except RuleBroken as broken:
            form.take(broken)
    return render_template(template, form=form)


def asked(form: PasswordForm) -> dict:
    values = {"password": form.password.data or "", "remote": address(), "now": utc_now()}
    return {"person": current_user, **values}


def proof(form: PasswordForm) -> dict:
    return {**asked(form), "code": form.code.data or "", "means": means()}


def shown(fresh: list[str]) -> str:
    """Show recovery codes: in this answer and never again."""
    url = wanted_page() or home()
    return render_template("learner/second_factor/shown.html", codes=fresh, url=url)
