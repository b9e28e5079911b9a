"""Being written."""

from flask import abort

from portal.web.access import page

bp = page("courses")


@bp.get("")
def index():
    abort(404)
