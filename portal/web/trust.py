"""Whom and what to believe: the signed-in person, the Host header, the size of a request."""

from urllib.parse import urlsplit

from flask import abort, current_app, request, session
from flask_login import current_user
from werkzeug.routing import IntegerConverter, Map

from portal.extensions import db
from portal.models import Person
from portal.services.learning import files
from portal.services.running import portal_settings
from portal.web.means import means
from portal.web.sessions import SignedInSession

FORM_LIMIT = 1024 * 1024  # bytes
# The pages that take files; everywhere else, and for strangers, a request is a small form.
UPLOADS = {
    "admin.badge_import.index",
    "admin.catalogues.index",
    "admin.people_import.index",
    "author.record_file.index",
}
PICTURES = {"admin.settings.index"}  # the logo
# Those that take one document each: a module's, evidence, proof.
DOCUMENTS = {"author.modules.edit", "author.modules.new", "learner.evidence.new"}
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


class Id(IntegerConverter):
    """An id in an address; one that no table can hold is not found like any other."""

    def __init__(self, map: Map):  # noqa: A002 — Werkzeug's own name
        super().__init__(map, min=1, max=2**31 - 1)


def load_person(person_id: str) -> Person | None:
    """Flask-Login's loader; the session row has already brought the person along."""
    if isinstance(session, SignedInSession):
        return session.row.person
    return db.session.get(Person, int(person_id))


def check_host() -> None:
    """Refuse a Host header that is not ours; links and mails never use it anyway.

    Whoever watches a process asks it by its number, and /health shows nobody an address.
    """
    if request.endpoint == "health.show":
        return
    ours = urlsplit(current_app.config["PUBLIC_URL"]).hostname
    asked = urlsplit(f"//{request.host}").hostname if request.host else None
    if asked != ours and not (ours in LOOPBACK and asked in LOOPBACK):
        abort(400)


def allow_uploads() -> None:
    """Let somebody who has signed in send a large file to the pages that take files.

    Those for imports are staff's: what nobody else may send is not even read.
    """
    if "_user_id" not in session:
        return
    if request.endpoint in UPLOADS and current_user.roles:
        request.max_content_length = means().upload_limit + FORM_LIMIT
    elif request.endpoint in PICTURES and current_user.roles:
        request.max_content_length = portal_settings.LOGO_MOST + FORM_LIMIT
    elif request.endpoint in DOCUMENTS:
        request.max_content_length = files.MOST + FORM_LIMIT
