"""Being written."""

from flask import abort

from portal.web.access import page

bp = page("connectors")


@bp.get("")
def index():
    abort(404)
