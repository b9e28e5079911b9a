"""The first administrator; the page is gone once there is one."""

from flask import abort, flash, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.services.people import people, setup
from portal.web.access import page
from portal.web.forms.people import SetupForm
from portal.web.letting_in import let_in

bp = page("setup", prefix="/setup")
ASKED = ("code", "email", "first_name", "last_name", "password")


@bp.route("", methods=["GET", "POST"])
def index() -> str | Response:
    if people.any_admin():
        abort(404)
    form = SetupForm()
    if form.validate_on_submit():
        try:
            person = setup.make_first_admin(**{x: form[x].data for x in ASKED}, now=utc_now())
        except RuleBroken as broken:
            form.take(broken)
        else:
            flash(_("The portal is yours. Connect Credly next."), "success")
            return let_in(person, url_for("public.front.index"), "setup")
    return render_template("auth/setup/index.html", form=form)
