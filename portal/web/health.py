"""Whether the portal can do its work: one word, for whoever watches it."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.extensions import db

bp = Blueprint("health", __name__)


@bp.get("/health")
def show() -> Response:
    try:
        db.session.execute(text("SELECT 1 FROM setting LIMIT 1"))
    except DBAPIError:
        return Response("red\n", status=503, content_type="text/plain; charset=utf-8")
    return Response("ok\n", content_type="text/plain; charset=utf-8")
