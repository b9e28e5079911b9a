"""Whom and which address to believe: the signed-in person, and the Host header."""

from urllib.parse import urlsplit

from flask import abort, current_app, request

from portal.extensions import db
from portal.models import Person

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}


def load_person(person_id: str) -> Person | None:
    """Flask-Login's loader; the session row has already brought the person along."""
    return db.session.get(Person, int(person_id))


def check_host() -> None:
    """Refuse a Host header that is not ours; links and mails never use it anyway."""
    ours = urlsplit(current_app.config["PUBLIC_URL"]).hostname
    asked = urlsplit(f"//{request.host}").hostname if request.host else None
    if asked != ours and not (ours in LOOPBACK and asked in LOOPBACK):
        abort(400)
