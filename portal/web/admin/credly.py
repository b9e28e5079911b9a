"""Being written."""

from flask import abort

from portal.web.access import page

bp = page("credly", prefix="/connectors/credly")


@bp.get("")
def index():
    abort(404)
