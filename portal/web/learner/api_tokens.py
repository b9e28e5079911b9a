"""A person's own tokens for other systems: made, listed, revoked. For staff alone."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.models import Role
from portal.policies import scopes_of
from portal.services.people import api_tokens
from portal.web.access import page
from portal.web.answers import after
from portal.web.forms.api_tokens import ApiTokenForm
from portal.web.letting_in import prove_again

bp = page("api_tokens", Role.ADMIN, Role.AUTHOR)


@bp.get("")
def index() -> str:
    found = api_tokens.list_of(current_user)
    return render_template("learner/api_tokens/index.html", tokens=found, now=utc_now())


@bp.route("/new", methods=["GET", "POST"])
def new() -> str:
    form = ApiTokenForm().offer(scopes_of(current_user))
    if form.validate_on_submit():
        try:
            return made(form)
        except RuleBroken as broken:
            form.take(broken)
    return render_template("learner/api_tokens/new.html", form=form)


@bp.route("/<int:token_id>/revoke", methods=["GET", "POST"])
def revoke(token_id: int) -> str | Response:
    token = api_tokens.get_for(current_user, token_id)
    if request.method == "GET":
        return render_template("learner/api_tokens/revoke.html", token=token)
    return after(
        lambda: api_tokens.revoke(actor=current_user, token=token, now=utc_now()),
        _("The token %(name)s no longer works.", name=token.name),
        url_for(".index"),
    )


def made(form: ApiTokenForm) -> str:
    """Make the token and show its secret: in this answer and never again."""
    prove_again(form)
    token, secret = api_tokens.make(
        person=current_user,
        name=form.name.data,
        scopes=form.chosen(),
        days=int(form.days.data),
        now=utc_now(),
    )
    return render_template("learner/api_tokens/shown.html", token=token, secret=secret)
