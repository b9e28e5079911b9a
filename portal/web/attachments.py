"""Handing out a file that somebody sent: always to be saved, never to be shown as ours."""

from flask import Response, send_file

from portal.services.learning import files
from portal.web.means import means


def attachment(key: str | None, name: str | None, file_type: str | None) -> Response:
    """Answer with a kept file; the page that calls this has asked who may have it."""
    answer = send_file(
        files.path_of(key, means()),
        mimetype=file_type or "application/octet-stream",
        as_attachment=True,
        download_name=name or "file",
        conditional=False,
        etag=False,
    )
    # Whatever a browser makes of it: no scripts, no origin of ours, nothing loaded.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
