"""What people see when something is not there, not theirs, or not working."""

import logging

from flask import Flask, Response, g, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from portal.errors import Gone, NotAllowed, NotFound
from portal.extensions import db, login
from portal.logs import trouble
from portal.web import problems
from portal.web.typed import typed
from portal.web.watching import request_id

log = logging.getLogger(__name__)
BEFORE_SIGN_IN = {
    "auth.sign_in.index",
    "auth.setup.index",
    "auth.invitation.index",
    "auth.forgotten.index",
    "auth.forgotten.choose",
    "auth.second_step.index",
    "public.stop_mails.index",
}
PAGES = {400, 403, 404, 405, 410, 413, 429, 500, 503}
TRY_AGAIN = 10  # seconds


def add_errors(app: Flask) -> None:
    """Let every failure of `app` end in a plain page that says what to do next."""
    app.before_request(_stop_without_database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _no_token)
    app.register_error_handler(NotFound, lambda _error: _answer(404))
    app.register_error_handler(Gone, lambda _error: _answer(410))
    app.register_error_handler(NotAllowed, lambda _error: _answer(403))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unforeseen)


def _stop_without_database() -> None:
    """End a request whose session could not even be looked up."""
    if g.get("database_refused"):
        log.error("the database refused: the session cannot be read")
        raise ServiceUnavailable(retry_after=TRY_AGAIN)


def _no_token(_error: CSRFError):
    """A form without a good token: mostly somebody whose session ended while they wrote."""
    if request.endpoint in BEFORE_SIGN_IN:
        return _answer(400)
    if current_user.is_authenticated:  # who was signed out and in again in another tab
        return _answer(400, typed=typed())
    return render_template("errors/signed_out.html", typed=typed()), 400


def _http(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
    if problems.wanted():
        return problems.of_http(error)
    if error.code not in PAGES:
        answer = error.get_response()
        answer.data = f"{error.code} {error.name}\n"
        answer.content_type = "text/plain; charset=utf-8"
        return answer
    body, code = _answer(error.code)
    headers = {"Retry-After": str(error.retry_after)} if getattr(error, "retry_after", 0) else {}
    return body, code, headers


def _database(error: DBAPIError):
    """A locked, full or unreachable database is a state of the machine, not a bug of ours."""
    if isinstance(error, OperationalError):
        log.error("the database refused: %s", type(error.orig).__name__)
        # Whoever is asking: to know them takes the database.
        g._login_user = login.anonymous_user()
        body, code = _answer(503)
        return body, code, {"Retry-After": str(TRY_AGAIN)}
    return _unforeseen(error)


def _unforeseen(error: Exception):
    log.error("%s failed: %s", request.endpoint, trouble(error))
    return _answer(500)


def _answer(code: int, **values: object) -> tuple[str | Response, int]:
    if problems.wanted():
        return problems.of_status(code), code
    db.session.rollback()
    g.failed = True
    return render_template(f"errors/{code}.html", request_id=request_id(), **values), code
