"""Signing in with e-mail and password."""

from flask import redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.messages import Message
from portal.services.people import people
from portal.services.people.sign_in import sign_in
from portal.web.access import home, page
from portal.web.forms.people import SignInForm
from portal.web.headers import note_wait
from portal.web.letting_in import address, wanted_page, welcome
from portal.web.means import means

bp = page("sign_in", prefix="/login")


@bp.route("", methods=["GET", "POST"])
def index() -> str | Response:
    if current_user.is_authenticated:
        return redirect(home())
    if not people.any_admin():
        return redirect(url_for("auth.setup.index"))
    form, refusal = SignInForm(), None
    if means().local_sign_in and form.validate_on_submit():
        values = {"email": form.email.data, "password": form.password.data}
        try:
            person = sign_in(**values, address=address(), now=utc_now())
        except RuleBroken as broken:
            refusal = broken.message
            note_wait(refusal)
        else:
            return welcome(person, wanted_page() or url_for("public.front.index"), "password")
    return shown(form, refusal)


def shown(form: SignInForm, refusal: Message | None) -> str:
    ways = {"local": means().local_sign_in, "service": means().sign_in_service}
    return render_template("auth/sign_in/index.html", form=form, refusal=refusal, **ways)
