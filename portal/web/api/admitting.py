"""Letting other systems in: by the token of the request alone, never by a cookie."""

from datetime import datetime

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import OperationalError

from portal.clock import utc_now
from portal.errors import RuleBroken
from portal.extensions import db, hardly_waiting, reading
from portal.messages import say
from portal.models import ApiToken, Channel, Person, Scope
from portal.services import audit
from portal.services.people import api_tokens, brake, second_factor
from portal.web.letting_in import address
from portal.web.means import means
from portal.web.problems import Problem

LARGEST = 16 * 1024  # bytes of a request
LONGEST_SECRET = 200
FREE = 20  # tries with bad tokens from one address before they must wait
_ASK = 'Bearer realm="api"'


def admit() -> None:
    """Find the token of this request and let its person act; raise Problem without a good one."""
    request.max_content_length = LARGEST
    secret, now = _secret(), utc_now()
    if not secret:
        raise Problem(401, say("api_token_missing"), headers={"WWW-Authenticate": _ASK})
    with reading():
        token = api_tokens.find(secret)
    if token is None or not api_tokens.works(token, now):
        _refuse(token, now)
    if second_factor.must_set_up(token.person, means()):
        raise Problem(403, say("factor_required"))
    if request.method == "POST":
        db.session.commit()  # what began as a reader must not go on as a writer
    _act_by(token)


def actor() -> Person:
    """Return the person whose token this request carries."""
    return g.api_token.person


def page(name: str, scope: Scope | None) -> Blueprint:
    """Return the blueprint of some addresses, shut to tokens without this scope."""
    blueprint = Blueprint(name, __name__)
    if scope is not None:
        blueprint.before_request(lambda: _ask_for(scope))
    return blueprint


def note_use(response: Response) -> Response:
    """Note at most once a minute that the token is in use, or leave it to the next request."""
    token: ApiToken | None = g.get("api_token")
    now = utc_now()
    if token is None or response.status_code >= 500:
        return response
    if token.last_used_at is not None and now - token.last_used_at < api_tokens.TOUCH_EVERY:
        return response
    token_id = token.id
    db.session.rollback()  # the answer is ready
    try:
        with reading(False), hardly_waiting():
            api_tokens.touch(token_id, now)
    except OperationalError:
        db.session.rollback()
    return response


def _act_by(token: ApiToken) -> None:
    """Let what is written down in this request name the token and its person."""
    g.api_token = token
    network = audit.network_of(request.remote_addr or "")
    audit.acts(audit.Doer(Channel.API, token.person_id, network, token.id))


def _secret() -> str:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip()[:LONGEST_SECRET] if scheme.lower() == "bearer" else ""


def _refuse(token: ApiToken | None, now: datetime) -> None:
    """Say no, and slow down whoever comes with bad tokens; one that is over leaves an entry.

    A good token is never held up by what others try from the same address.
    """
    db.session.commit()
    with reading(False):
        try:
            brake.slow_down("api token", address(), free=FREE, now=now)
        except RuleBroken as broken:
            seconds = str(broken.message.values["seconds"])
            raise Problem(429, broken.message, headers={"Retry-After": seconds}) from broken
        if token is not None:
            api_tokens.note_refused(token, now)
    asked = {"WWW-Authenticate": f'{_ASK}, error="invalid_token"'}
    raise Problem(401, say("api_token_invalid"), headers=asked)


def _ask_for(scope: Scope) -> None:
    if scope not in api_tokens.scopes_now(g.api_token):
        asked = {"WWW-Authenticate": f'{_ASK}, error="insufficient_scope", scope="{scope.value}"'}
        raise Problem(403, say("api_scope_missing", scope=scope.value), headers=asked)
