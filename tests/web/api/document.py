"""Holding answers against the document of the API."""

import json
import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012
from werkzeug.exceptions import HTTPException

from portal.web.api import document

WHERE = "urn:api"
METHODS = {"get", "post", "put", "patch", "delete"}


@cache
def whole() -> dict[str, Any]:
    """The document as it is served."""
    return json.loads(document._text())


@cache
def _registry() -> Registry:
    contents = Resource.from_contents(whole(), default_specification=DRAFT202012)
    return Registry().with_resource(WHERE, contents)


@cache
def validator(pointer: str) -> Draft202012Validator:
    """What holds something against the part of the document at this pointer."""
    return Draft202012Validator({"$ref": f"{WHERE}#{pointer}"}, registry=_registry())


def path_of(rule: str) -> str:
    """The path of a rule as the document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.removeprefix("/api/v1"))


def check(app, answer) -> None:
    """Assert that an answer of an address of the document is one of those it names."""
    request = answer.raw.request
    try:
        rule, _values = app.url_map.bind("localhost").match(
            request.path, method=request.method, return_rule=True
        )
    except HTTPException:
        return  # no address, or not with this method
    path = path_of(rule.rule)
    operation = whole()["paths"].get(path, {}).get(request.method.lower())
    if operation is None:
        return
    status = str(answer.status)
    assert status in operation["responses"], f"{path}: {status} is not in the document"
    pointer = "/".join(("/paths", path.replace("/", "~1"), request.method.lower(), "responses"))
    _check_body(f"{pointer}/{status}", operation["responses"][status], answer)


def _check_body(pointer: str, said: dict[str, Any], answer) -> None:
    if "$ref" in said:
        pointer = said["$ref"].removeprefix("#")
        said = whole()["components"]["responses"][pointer.rsplit("/", 1)[1]]
    assert answer.mimetype in said["content"], pointer
    where = f"{pointer}/content/{answer.mimetype.replace('/', '~1')}/schema"
    validator(where).validate(answer.said)
