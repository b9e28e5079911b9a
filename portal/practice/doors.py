"""The addresses beside the API: the control calls, and the pages for people."""

from collections.abc import Callable

from werkzeug.routing import Map, Rule

from portal.practice import control, hand, images, pages
from portal.practice.answers import Answer


def _rule(method: str, path: str, handler: Callable[..., Answer]) -> Rule:
    return Rule(path, endpoint=handler, methods=[method])


_ORGANIZATION = "/practice/organizations/<organization_id>"

CONTROL = Map(
    [
        _rule("GET", "/practice/organizations", control.list_organizations),
        _rule("POST", "/practice/organizations", control.create_organization),
        _rule("POST", f"{_ORGANIZATION}/tokens", control.create_token),
        _rule("POST", f"{_ORGANIZATION}/tokens/expire", control.expire_token),
        _rule("POST", f"{_ORGANIZATION}/templates", control.create_templates),
        _rule("PATCH", f"{_ORGANIZATION}/templates/<template_id>", control.patch_template),
        _rule("GET", "/practice/badges", control.list_badges),
        _rule(
            "POST",
            "/practice/badges/<badge_id>/<any(accept, reject, private, public):wish>",
            control.move_badge,
        ),
        _rule("POST", "/practice/earners", control.create_earner),
        _rule("POST", "/practice/events/<event_id>/send", control.send_event_again),
        _rule("GET", "/practice/plan", control.get_plan),
        _rule("POST", "/practice/plan", control.extend_plan),
        _rule("DELETE", "/practice/plan", control.clear_plan),
        _rule("GET", "/practice/switches", control.get_switches),
        _rule("POST", "/practice/switches", control.change_switches),
        _rule("GET", "/practice/log", control.get_log),
        _rule("DELETE", "/practice/log", control.clear_log),
        _rule("POST", "/practice/reset", control.reset),
        _rule("POST", "/practice/hand", hand.press),
    ]
)

PAGES = Map(
    [
        _rule("GET", "/", pages.front),
        _rule("GET", "/practice", hand.show),
        _rule("GET", "/practice.css", pages.stylesheet),
        _rule("GET", "/earner", pages.earner),
        _rule("GET", "/badges/<badge_id>", pages.badge),
        _rule("GET", "/badges/<badge_id>/public_url", pages.public_url),
        _rule("GET", "/badges/<badge_id>/accept", pages.decide),
        _rule(
            "POST",
            "/badges/<badge_id>/<any(accept, reject, private, public):wish>",
            pages.press,
        ),
        _rule("GET", "/users/<slug>", pages.profile),
        _rule("GET", "/users/<slug>/badges", pages.profile),
        _rule("GET", "/users/<slug>/badges.json", pages.profile_json),
        _rule("GET", "/org/<slug>", pages.organization),
        _rule("GET", "/org/<slug>/badge/<template_slug>", pages.template),
        _rule("GET", "/images/<image_id>/<file>", images.get_image),
    ]
)
