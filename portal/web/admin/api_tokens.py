"""Everybody's tokens for other systems, for administrators to look through and to revoke."""

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.models import Role
from portal.services.people import api_tokens, people
from portal.web.access import page
from portal.web.answers import after
from portal.web.arguments import asked_ids, place

bp = page("api_tokens", Role.ADMIN)


@bp.get("")
def index() -> str:
    person_id = next(iter(asked_ids("person", 1)), 0)
    return render_template(
        "admin/api_tokens/index.html",
        page=api_tokens.list_for_admin(person_id, place()),
        person=people.get(person_id) if person_id else None,
        now=utc_now(),
    )


@bp.route("/<int:token_id>/revoke", methods=["GET", "POST"])
def revoke(token_id: int) -> str | Response:
    token = api_tokens.get_for(current_user, token_id)
    if request.method == "GET":
        return render_template("admin/api_tokens/revoke.html", token=token)
    return after(
        lambda: api_tokens.revoke(actor=current_user, token=token, now=utc_now()),
        _("The token %(name)s no longer works.", name=token.name),
        url_for(".index", person=token.person_id),
    )
