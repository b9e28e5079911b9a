"""Answering a button: do it, say how it went, go back; or hand over a file."""

from collections.abc import Callable, Iterable

from flask import Response as FlaskResponse
from flask import flash, redirect, stream_with_context
from werkzeug.wrappers import Response

from portal.errors import RuleBroken
from portal.wording import words

CSV_TYPE = "text/csv; charset=utf-8"
ZIP_TYPE = "application/zip"


def after(work: Callable[[], object], said: str, url: str) -> Response:
    """Carry out `work`, say `said` or what rule stood in the way, and go to `url`."""
    try:
        work()
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
    else:
        flash(said, "success")
    return redirect(url)


def attached(
    pieces: Iterable[str] | Iterable[bytes],
    file_name: str,
    content_type: str = CSV_TYPE,
) -> FlaskResponse:
    """Answer with a file to be saved, sent piece by piece as it comes."""
    answer = FlaskResponse(stream_with_context(iter(pieces)), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    # Should a browser show it after all, nothing in it may do anything.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
