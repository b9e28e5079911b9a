"""Where Credly's webhooks come in. The secret in the address is all that is checked here."""

from flask import Blueprint, Response, request

from portal.clock import utc_now
from portal.extensions import csrf
from portal.services.issuing import webhooks

bp = Blueprint("hooks", __name__, url_prefix="/hooks")


@bp.post("/credly/<secret>")
@csrf.exempt
def credly(secret: str) -> Response:
    body = request.get_data(cache=False)
    try:
        webhooks.receive(secret=secret, body=body, now=utc_now())
    except webhooks.BadEvent:
        return _plain("This is no event.", 400)
    # Exactly 200, or Credly sends it again for up to 25 days (credly-api.md 7).
    return _plain("ok", 200)


def _plain(words: str, status: int) -> Response:
    return Response(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")
