"""Signing in by another service: there with a ticket, back with a code."""

from flask import abort, flash, redirect, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.extensions import reading
from portal.services.people import single_sign_on
from portal.services.people.sign_in_service import SignInService
from portal.web.access import home, page
from portal.web.arguments import text_argument
from portal.web.letting_in import wanted_page, welcome
from portal.web.means import means
from portal.wording import words

bp = page("single_sign_on", prefix="/login/sso")


# A link and not a form: the browser would not let a form lead to another site (form-action).
@bp.get("")
def begin() -> Response:
    if current_user.is_authenticated:
        return redirect(home())
    try:
        url, session["sso"] = single_sign_on.begin(service(), means().sealer, utc_now())
    except RuleBroken as broken:
        return refused(broken)
    return redirect(url)


@bp.get("/answer")
def answer() -> Response:
    """Let somebody in who comes back with what they left with. The one GET that writes."""
    ticket = str(session.pop("sso", ""))
    values = {"state": text_argument("state"), "code": text_argument("code", 2000)}
    try:
        with reading(False):
            person = single_sign_on.finish(
                service(), ticket, **values, sealer=means().sealer, now=utc_now()
            )
            return welcome(person, wanted_page() or url_for("public.front.index"), "sso")
    except RuleBroken as broken:
        return refused(broken)


def service() -> SignInService:
    there = means().sign_in_service
    if there is None:
        abort(404)
    return there


def refused(broken: RuleBroken) -> Response:
    flash(words(broken.message), "danger")
    return redirect(url_for("auth.sign_in.index"))
