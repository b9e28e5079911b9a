"""Being written."""

from flask import abort

from portal.web.access import page

bp = page("sign_in", prefix="/login")


@bp.get("")
def index():
    abort(404)
