"""Errors as other systems read them: problem details of RFC 9457, for every address under /api."""

import json
from collections.abc import Mapping

from flask import Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.http import HTTP_STATUS_CODES

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import Message, say
from portal.web.watching import request_id
from portal.wording import words

BEGINS = "/api/"
TYPE = "application/problem+json; charset=utf-8"
# What is said where nothing more is known than the status.
_SAID = {
    400: "api_bad_request",
    403: "api_not_allowed",
    404: "api_not_found",
    405: "api_method_not_allowed",
    413: "api_too_large",
    415: "api_not_json",
    503: "api_unavailable",
}


# The status of a rule that says no; 422 where none is named.
_OF_RULES = {
    "api_person_unknown": 404,
    "api_object_unknown": 404,
    "own_completion": 403,
    "learner_inactive": 409,
    "not_recordable": 409,
}


class Problem(Exception):
    """A request that cannot be done, with all that its answer says."""

    def __init__(
        self,
        status: int,
        message: Message,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
    ):
        super().__init__(message.code)
        self.status, self.message, self.field = status, message, field
        self.headers = dict(headers or {})


def wanted() -> bool:
    """Whether it is another system that asks."""
    return request.path.startswith(BEGINS)


def answer(problem: Problem) -> Response:
    """Return the answer; what was begun in the database is given up."""
    db.session.rollback()
    g.failed = True
    code = problem.message.code
    said = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES[problem.status],
        "status": problem.status,
        "code": code.removeprefix("api_"),
        "detail": words(problem.message),
        "request_id": request_id(),
    }
    if problem.field:
        said["field"] = problem.field
    body = json.dumps(said, ensure_ascii=False)
    return Response(body, problem.status, headers=problem.headers, content_type=TYPE)


def of_rule(broken: RuleBroken) -> Response:
    """Return the answer for a rule that says no."""
    status = _OF_RULES.get(broken.message.code, 422)
    return answer(Problem(status, broken.message, broken.field))


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer where nothing more is known than the status."""
    unknown = "api_bad_request" if status < 500 else "api_failed"
    return answer(Problem(status, say(_SAID.get(status, unknown)), headers=headers))


def of_http(error: HTTPException) -> Response:
    """Return the answer for what Flask or Werkzeug refused."""
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if retry_after := getattr(error, "retry_after", None):
        headers["Retry-After"] = str(retry_after)
    return of_status(error.code or 500, headers)
