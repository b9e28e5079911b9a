"""The document of the API: OpenAPI 3.1, for any token that works.

It is written by hand beside the addresses, and tests hold every answer against it.
"""

from functools import cache
from pathlib import Path

from flask import Response

from portal.web.api.admitting import page
from portal.web.api.shown import TYPE

bp = page("document", None)


@bp.get("/openapi.json")
def show() -> Response:
    return Response(_text(), content_type=TYPE)


@cache
def _text() -> str:
    return Path(__file__).with_name("openapi.json").read_text(encoding="utf-8")
