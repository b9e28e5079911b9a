"""A forgotten password: asking for a link, and choosing a new password with it."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.services.people import forgotten
from portal.web.access import page, with_passwords_only
from portal.web.forms.people import ForgottenForm, InvitationForm
from portal.web.letting_in import address
from portal.web.means import means

bp = page("forgotten", prefix="/forgotten")
bp.before_request(with_passwords_only)


@bp.route("", methods=["GET", "POST"])
def index() -> str:
    form, asked = ForgottenForm(), False
    by_mail = means().mail_is_set_up
    if by_mail and form.validate_on_submit():
        try:
            forgotten.ask(email=form.email.data, address=address(), now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            asked = True
    return render_template("auth/forgotten/index.html", form=form, by_mail=by_mail, asked=asked)


@bp.route("/<code>", methods=["GET", "POST"])
def choose(code: str) -> str | Response | tuple[str, int]:
    # Mail programs open links to look at them: reading the page does not use the code up.
    form, now = InvitationForm(), utc_now()
    try:
        person = forgotten.asked_by(code, now)
        if form.validate_on_submit():
            forgotten.choose_password(code=code, password=form.password.data, now=now)
            flash(_("Your new password is saved. Sign in with it."), "success")
            return redirect(url_for("auth.sign_in.index"))
    except RuleBroken as broken:
        if broken.field is None:
            return render_template("auth/forgotten/over.html"), 404
        form.take(broken)
    return render_template("auth/forgotten/choose.html", form=form, email=person.email)
