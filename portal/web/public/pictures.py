"""Badge pictures, as we re-encoded them. Their address is the hash of their content."""

import re

from flask import Blueprint, Response, abort, send_file

from portal.web.means import means

bp = Blueprint("pictures", __name__, url_prefix="/pictures")


@bp.get("/<key>.png")
def show(key: str) -> Response:
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        abort(404)
    path = means().pictures.path(key)
    if not path.is_file():
        abort(404)
    return send_file(path, mimetype="image/png", max_age=31536000, etag=key, conditional=True)
