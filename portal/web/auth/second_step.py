"""The second step of signing in: a code of the app, or a recovery code."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.services.people import second_steps
from portal.web.access import page
from portal.web.forms.people import CodeForm
from portal.web.letting_in import let_in, wanted_page
from portal.web.means import means

bp = page("second_step", prefix="/login/code")


@bp.route("", methods=["GET", "POST"])
def index() -> str | Response:
    form, code, now = CodeForm(), str(session.get("second_step", "")), utc_now()
    try:
        second_steps.person_waiting(code, now)
    except RuleBroken:
        flash(_("Sign in with your password first."), "info")
        return redirect(url_for("auth.sign_in.index"))
    if form.validate_on_submit():
        values = {"code": code, "answer": form.code.data, "means": means(), "now": now}
        try:
            person = second_steps.finish(**values)
        except RuleBroken as broken:
            form.take(broken)
        else:
            return let_in(person, wanted_page() or url_for("public.front.index"), "second_factor")
    return render_template("auth/second_step/index.html", form=form)
