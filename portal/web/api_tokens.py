"""Words for tokens of other systems: whether they work, and what they are good for."""

from datetime import datetime

from flask_babel import gettext as _

from portal.models import ApiToken, Scope
from portal.services.people.api_tokens import scopes_now
from portal.web.forms.api_tokens import SCOPES
from portal.web.states import View


def token_state(token: ApiToken, now: datetime) -> View:
    """Whether the token works."""
    if token.revoked_at is not None:
        return View(_("Revoked"), "quiet", "x")
    if token.expires_at <= now:
        return View(_("Expired"), "quiet", "clock")
    if not token.person.active or not scopes_now(token):
        return View(_("No longer allowed"), "warn", "lock")
    return View(_("Works"), "good", "circle-check")


def scope_words(scope: str) -> str:
    """What a scope lets somebody do, in words."""
    return str(SCOPES[Scope(scope)]) if scope in set(Scope) else scope


FILTERS = (token_state, scope_words)
