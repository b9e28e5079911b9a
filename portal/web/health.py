"""Whether the portal can do its work: one word for everybody; why, and figures, by a token."""

import hmac

from flask import Blueprint, Response, request
from sqlalchemy.exc import DBAPIError

from portal.clock import utc_now
from portal.errors import NotAllowed, NotFound
from portal.meters import written
from portal.services import liveness
from portal.services.running import metrics
from portal.web.means import means

bp = Blueprint("health", __name__)
TEXT = "text/plain; charset=utf-8"


@bp.get("/health")
def show() -> Response:
    try:
        parts = liveness.parts(utc_now())
    except DBAPIError:
        parts = {"database": False}
    well = all(parts.values())
    lines = ["ok" if well else "red"]
    if _is_known():
        lines += [f"{name} {'ok' if good else 'red'}" for name, good in parts.items()]
        lines.append(f"jobs {means().installation.jobs}")
    status = 200 if well else 503
    return Response("".join(f"{line}\n" for line in lines), status=status, content_type=TEXT)


@bp.get("/metrics")
def figures() -> Response:
    if not means().metrics_token:
        raise NotFound
    if not _is_known():
        raise NotAllowed
    text = written(metrics.look(means().meter, utc_now()))
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _is_known() -> bool:
    """Whether the request carries the metrics token."""
    token = means().metrics_token
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
