"""Answers that are text leave compressed, where no other site can learn from their length.

docs/decisions/0015 says why pages are compressed only for readers who come from the portal itself.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

TYPES = {
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "image/svg+xml",
}
LEAST = 500  # bytes; less is not worth it
FAST, SMALL = 3, 9  # for a page that is made once, for a file that is sent a thousand times
FROM_HERE = {"same-origin", "none"}
YEAR = 31536000
SHARED = {"static", "public.front.brand_css"}  # the same for everybody: nothing to learn


def add_compressing(app: Flask) -> None:
    """Let the app compress its answers and say how long a file may be kept."""
    app.after_request(_finish)


def _finish(answer: Response) -> Response:
    if answer.status_code != 200 or answer.mimetype not in TYPES:
        return answer
    if request.endpoint == "static":
        _keep_for_long(answer)
    answer.vary.add("Accept-Encoding")
    if request.endpoint not in SHARED:
        answer.vary.add("Sec-Fetch-Site")
    if "Content-Encoding" in answer.headers or not request.accept_encodings["gzip"]:
        return answer
    if request.endpoint == "static":
        _pack(answer, _packed_file(*_file()))
    elif not answer.is_streamed and (_is_from_here() or request.endpoint in SHARED):
        body = answer.get_data()
        if len(body) >= LEAST:
            _pack(answer, gzip.compress(body, FAST, mtime=0))
    return answer


def _keep_for_long(answer: Response) -> None:
    """A file that is asked for by its content's hash never changes under that address."""
    hashed = "v" in request.args
    kept = f"public, max-age={YEAR}, immutable" if hashed else "public, max-age=3600"
    answer.headers["Cache-Control"] = kept
    etag, _weak = answer.get_etag()
    if etag:
        answer.set_etag(etag, weak=True)  # the same file, packed or not


def _is_from_here() -> bool:
    """Whether nobody but the reader made this request.

    Another site can make a browser ask for a page with words of its choosing in it, and watch how
    long the answer is; a browser says when it does. One that says nothing gets plain pages.
    """
    mine = request.headers.get("Sec-Fetch-Site") in FROM_HERE
    return mine and request.method in {"GET", "HEAD"}


def _file() -> tuple[str, float]:
    path = Path(current_app.static_folder or "") / (request.view_args or {})["filename"]
    return str(path), path.stat().st_mtime


@lru_cache(maxsize=64)
def _packed_file(path: str, _changed: float) -> bytes:
    return gzip.compress(Path(path).read_bytes(), SMALL, mtime=0)


def _pack(answer: Response, body: bytes) -> None:
    if answer.direct_passthrough:
        answer.response.close()  # the open file, which nobody reads now
        answer.direct_passthrough = False
    answer.set_data(body)
    answer.headers["Content-Encoding"] = "gzip"
