"""Issued badges as Credly's answers show them, whole and in the short form of the bulk search."""

from typing import Any

from portal.practice.calls import Call
from portal.practice.earners import earner_by_id
from portal.practice.images import image_body
from portal.practice.organizations import entity_body, organization_of
from portal.practice.records import Record
from portal.practice.templates import Template, find_template, template_body


def badge_body(call: Call, badge: Record) -> dict[str, Any]:
    """The object of credly-api.md 3.3, its keys in the order in which they are delivered."""
    organization = organization_of(call, badge["organization_id"])
    template = find_template(call, badge["template_id"], None)
    return {
        "user": user_body(call, badge),
        "created_by": entity_body(call, organization),
        "issuer": _issuer(call, organization),
        "printing_enabled": True,
        "print_method": organization["print_method"],
        "badge_template": template_body(call, template, inside_badge=True) if template else {},
        **_person(badge),
        **_standing(badge),
        **_moments(badge),
        **_looks(call, badge, template),
        **_links(call, badge),
    }


def _issuer(call: Call, organization: dict[str, Any]) -> dict[str, Any]:
    entity = entity_body(call, organization)
    return {
        "summary": f"issued by {organization['name']}",
        "entities": [{"label": "Issued by", "primary": True, "entity": entity}],
    }


def _person(badge: Record) -> dict[str, Any]:
    first, last = badge["issued_to_first_name"], badge["issued_to_last_name"]
    names = ("issued_to_first_name", "issued_to_middle_name", "issued_to_last_name")
    more = ("issuer_earner_id", "locale", "public", "recipient_email")
    return {
        "id": badge["id"],
        "issued_to": f"{first} {last}",
        **{name: badge[name] for name in (*names, *more)},
    }


def _standing(badge: Record) -> dict[str, Any]:
    chain = ("replacement_badge_id", "replaces_badge_id", "revocation_reason", "state")
    rest = ("suppress_badge_notification_email", "updated_at")
    place = ("country", "country_code", "state_or_province", "created_at")
    return {name: badge[name] for name in (*chain, *rest, *place)}


def _moments(badge: Record) -> dict[str, Any]:
    expires = badge["expires_at"]
    return {
        "expires_at": expires,
        "expires_at_date": expires[:10] if expires else None,
        "issued_at": badge["issued_at"],
        "issued_at_date": badge["issued_at"][:10],
        "state_updated_at": badge["state_updated_at"],
    }


def _looks(call: Call, badge: Record, template: Template | None) -> dict[str, Any]:
    image = image_body(call, template["image"]) if template else None
    return {
        "image": image,
        "image_url": image["url"] if image else None,
        "alignments": template["alignments"] if template else [],
        "evidence": badge["evidence"],
    }


def _links(call: Call, badge: Record) -> dict[str, str]:
    """A key that does not apply is missing, not null."""
    if badge["state"] == "pending":
        return {"accept_badge_url": call.addresses.web(f"/badges/{badge['id']}/accept")}
    if badge["state"] == "accepted":
        return {"badge_url": call.addresses.web(f"/badges/{badge['id']}")}
    return {}


def user_body(call: Call, badge: Record) -> dict[str, Any]:
    """The earner's account: `{}` until the badge was claimed. The address is not the real one."""
    earner = earner_by_id(call, badge["user_id"])
    if earner is None:
        return {}
    return {
        "id": earner["id"],
        "email": f"{earner['id']}@example.com",
        "first_name": earner["first_name"],
        "middle_name": earner["middle_name"],
        "last_name": earner["last_name"],
        "current_position_name": None,
        "current_organization_name": "*****",
        "confirmed": True,
        "photo": None,
        "photo_url": None,
        "url": call.addresses.web(f"/users/{earner['slug']}"),
    }


def minimal_body(call: Call, badge: Record) -> dict[str, Any]:
    """A row of the bulk search with `badge_format=minimal`."""
    template = find_template(call, badge["template_id"], None)
    person = {key: value for key, value in _person(badge).items() if key not in _LEFT_OUT}
    link = _links(call, badge)
    short = {"badge_url": link["badge_url"]} if "badge_url" in link else {}
    moments = ("updated_at", "created_at", "expires_at", "issued_at", "state_updated_at")
    return {
        **person,
        "state": badge["state"],
        **short,
        **{name: badge[name] for name in moments},
        "badge_template": {"id": badge["template_id"], "name": template and template["name"]},
        "user": {"id": badge["user_id"]} if badge["user_id"] else {},
    }


_LEFT_OUT = frozenset({"issued_to_middle_name", "locale"})
