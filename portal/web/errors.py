"""What people see when something is not there, not theirs, or not working."""

import logging

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from portal.errors import NotAllowed, NotFound
from portal.extensions import db

log = logging.getLogger(__name__)
PAGES = {400, 403, 404, 413, 429, 500, 503}


def add_errors(app: Flask) -> None:
    """Let every failure of `app` end in a plain page that says what to do next."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _error: _answer(400))
    app.register_error_handler(NotFound, lambda _error: _answer(404))
    app.register_error_handler(NotAllowed, lambda _error: _answer(403))
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unforeseen)


def _http(error: HTTPException):
    if error.code is None or error.code < 400:
        return error
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
        body, code = _answer(503)
        return body, code, {"Retry-After": "10"}
    return _unforeseen(error)


def _unforeseen(error: Exception):
    # The text of a database error holds the values of its statement: log only where it was.
    shown = error if not isinstance(error, DBAPIError) else type(error.orig)
    log.error(
        "%s %s failed: %r",
        request.method,
        request.endpoint,
        shown,
        exc_info=not (isinstance(error, DBAPIError)),
    )
    return _answer(500)


def _answer(code: int) -> tuple[str, int]:
    db.session.rollback()
    g.failed = True
    return render_template(f"errors/{code}.html"), code
