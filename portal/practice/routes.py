"""The API's addresses, below both of its prefixes, and what answers each of them."""

from collections.abc import Callable

from werkzeug.routing import Map, Rule

from portal.practice import (
    badge_calls,
    event_calls,
    issuing,
    open_badges,
    organizations,
    template_calls,
    tokens,
)
from portal.practice.answers import Answer

_ORGANIZATION = "/organizations/<organization_id>"
_TEMPLATES = f"{_ORGANIZATION}/badge_templates"
_TEMPLATE = f"{_TEMPLATES}/<template_id>"
_BADGES = f"{_ORGANIZATION}/badges"
_BADGE = f"{_BADGES}/<badge_id>"
_TOKENS = f"{_ORGANIZATION}/authorization_tokens"


def _rule(method: str, path: str, handler: Callable[..., Answer]) -> Rule:
    return Rule(path, endpoint=handler, methods=[method])


API = Map(
    [
        _rule("GET", "/organizations", organizations.list_organizations),
        _rule("GET", _ORGANIZATION, organizations.get_organization),
        _rule("PUT", _ORGANIZATION, organizations.update_organization),
        _rule("GET", _TEMPLATES, template_calls.list_templates),
        _rule("POST", _TEMPLATES, template_calls.create_template),
        _rule("GET", _TEMPLATE, template_calls.get_template),
        _rule("PUT", _TEMPLATE, template_calls.update_template),
        _rule("DELETE", _TEMPLATE, template_calls.delete_template),
        _rule("PUT", f"{_TEMPLATE}/archive", template_calls.archive_template),
        _rule("PUT", f"{_TEMPLATE}/unarchive", template_calls.unarchive_template),
        _rule("GET", _BADGES, badge_calls.list_badges),
        _rule("POST", _BADGES, issuing.issue),
        _rule("POST", f"{_BADGES}/batch", issuing.issue_batch),
        _rule("GET", _BADGE, badge_calls.get_badge),
        _rule("DELETE", _BADGE, badge_calls.delete),
        _rule("POST", f"{_BADGE}/replace", issuing.replace),
        _rule("PUT", f"{_BADGE}/revoke", badge_calls.revoke),
        _rule("GET", f"{_ORGANIZATION}/high_volume_issued_badge_search", badge_calls.search),
        _rule("GET", f"{_ORGANIZATION}/events", event_calls.list_events),
        _rule("GET", f"{_ORGANIZATION}/events/<event_id>", event_calls.get_event),
        _rule("GET", _TOKENS, tokens.list_tokens),
        _rule("POST", _TOKENS, tokens.create_token),
        _rule("POST", f"{_TOKENS}/rotate", tokens.rotate_token),
        _rule("GET", "/obi/v2/badge_assertions/<badge_id>", open_badges.assertion),
        _rule("GET", "/obi/v2/badge_classes/<template_id>", open_badges.badge_class),
        _rule(
            "GET",
            "/obi/v2/issuers/<organization_id>/badge_classes/<template_id>",
            open_badges.badge_class,
        ),
        _rule("GET", "/obi/v2/issuers/<organization_id>", open_badges.issuer),
        _rule("GET", "/obi/v3/open_badge_credentials/<badge_id>", open_badges.credential),
    ],
    merge_slashes=False,
)
PUBLIC = frozenset(
    {open_badges.assertion, open_badges.badge_class, open_badges.issuer, open_badges.credential}
)
