"""Before a page is made: what the portal is called and looks like now."""

from flask import g, request, session

from portal.services.running import portal_settings
from portal.web.means import means
from portal.web.sessions import SignedInSession

# They say nothing of it, and must answer whatever the database does.
WITHOUT = {
    "static",
    "health.show",
    "health.figures",
    "hooks.credly",
    "public.pictures.show",
    "public.security_contact.show",
}


def know_the_portal() -> None:
    """Read for strangers what the session has already brought along for those who signed in."""
    known_already = isinstance(session, SignedInSession) or g.get("database_refused")
    if not known_already and request.endpoint not in WITHOUT:
        portal_settings.refresh(means())
