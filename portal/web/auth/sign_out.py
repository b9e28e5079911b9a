"""Being written."""

from flask import abort

from portal.web.access import page

bp = page("sign_out", prefix="/logout")


@bp.post("")
def index():
    abort(404)
