"""Being written."""

from flask import abort

from portal.models import Role
from portal.web.access import page

bp = page("people", Role.ADMIN)


@bp.get("")
def index():
    abort(404)
