"""Whom to tell about a hole, for machines and for who looks there first (RFC 9116)."""

from datetime import timedelta

from flask import Blueprint, Response, abort, current_app, url_for

from portal.clock import utc_now
from portal.web.language import languages

# RFC 9116 2.5.5 asks for less than a year; whoever keeps a copy asks again within a quarter.
GOOD_FOR = timedelta(days=90)

bp = Blueprint("security_contact", __name__)


@bp.get("/.well-known/security.txt")
def show() -> Response:
    contacts = current_app.config["SECURITY_CONTACT"]
    if not contacts:
        abort(404)
    expires = (utc_now() + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {contact}" for contact in contacts),
        f"Expires: {expires.strftime('%Y-%m-%dT%H:%M:%SZ')}",
        f"Preferred-Languages: {', '.join(languages())}",
        f"Canonical: {current_app.config['PUBLIC_URL']}{url_for('.show')}",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
