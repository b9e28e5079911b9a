"""Choosing a password with the one-time link of an invitation."""

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.services.people import people
from portal.web.access import page, with_passwords_only
from portal.web.forms.people import InvitationForm
from portal.web.language import locale_of_reader
from portal.web.letting_in import welcome

bp = page("invitation", prefix="/invitation")
bp.before_request(with_passwords_only)


@bp.route("/<code>", methods=["GET", "POST"])
def index(code: str) -> str | Response | tuple[str, int]:
    # Mail programs open links to look at them: reading the page does not use the code up.
    form, now = InvitationForm(), utc_now()
    try:
        invited = people.invited(code, now)
        if form.validate_on_submit():
            chosen = {"password": form.password.data, "locale": locale_of_reader()}
            person = people.accept_invitation(code=code, now=now, **chosen)
            flash(_("Your password is saved. Next time sign in with it."), "success")
            return welcome(person, url_for("public.front.index"), "invitation")
    except RuleBroken as broken:
        if broken.field is None:
            return render_template("auth/invitation/over.html", message=broken.message), 404
        form.take(broken)
    return render_template("auth/invitation/index.html", form=form, email=invited.email)
