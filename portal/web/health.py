"""Whether the portal can do its work: one word, for whoever watches it."""

from flask import Blueprint, Response
from sqlalchemy.exc import DBAPIError

from portal.clock import utc_now
from portal.services import liveness

bp = Blueprint("health", __name__)


@bp.get("/health")
def show() -> Response:
    try:
        well = liveness.is_well(utc_now())
    except DBAPIError:
        well = False
    words, status = ("ok\n", 200) if well else ("red\n", 503)
    return Response(words, status=status, content_type="text/plain; charset=utf-8")
