"""Completions that another system tells of."""

from flask import Response

from portal.clock import utc_now
from portal.extensions import csrf
from portal.models import Scope
from portal.services.api import completions
from portal.web.api import bodies, shown
from portal.web.api.admitting import actor, page
from portal.web.api.told import told

bp = page("completions", Scope.COMPLETIONS_WRITE)


@bp.post("/completions")
@csrf.exempt
def add() -> Response:
    key, body, now = bodies.key(), bodies.sent(), utc_now()
    answer = completions.record(
        actor=actor(),
        told=told(body, now),
        key=key,
        request_hash=bodies.hash_of(body),
        now=now,
    )
    return shown.shown(answer.body, answer.status)
