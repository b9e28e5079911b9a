"""The way out."""

from flask import url_for
from werkzeug.wrappers import Response

from portal.web.access import page
from portal.web.letting_in import let_out

bp = page("sign_out", prefix="/logout")


@bp.post("")
def index() -> Response:
    return let_out(url_for("auth.sign_in.index"))
