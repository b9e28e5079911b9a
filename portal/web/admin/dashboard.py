"""Being written."""

from flask import abort

from portal.web.access import page

bp = page("dashboard", prefix="/")


@bp.get("")
def index():
    abort(404)
