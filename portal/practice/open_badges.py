"""Public Open Badges, versions 2 and 3: plain JSON without Credly's envelope (3.8)."""

import hashlib
from typing import Any

from portal.practice.answers import Answer, Refusal, not_found
from portal.practice.calls import Call
from portal.practice.images import image_body
from portal.practice.organizations import organization_of
from portal.practice.records import Record, find_badge
from portal.practice.templates import Template, find_template

_V2 = "https://w3id.org/openbadges/v2"
_V3 = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def assertion(call: Call, badge_id: str) -> Answer:
    badge = _published(call, badge_id)
    way = f"/issuers/{badge['organization_id']}/badge_classes/{badge['template_id']}"
    expires = {"expires": badge["expires_at"]} if badge["expires_at"] else {}
    content = {
        "@context": _V2,
        "badge": call.addresses.open_badge(way),
        **expires,
        "evidence": [_evidence(piece) for piece in badge["evidence"]],
        "id": call.addresses.open_badge(f"/badge_assertions/{badge_id}"),
        "issuedOn": badge["issued_at"],
        "recipient": {
            "type": "email",
            "identity": f"sha256${_hash(badge['recipient_email'])}",
            "hashed": True,
        },
        "type": "Assertion",
        "verification": {"type": "hosted"},
    }
    return Answer(200, content)


def _published(call: Call, badge_id: str) -> Record:
    """Only what its earner accepted and left public is there; what was revoked is gone."""
    badge = find_badge(call.db, badge_id)
    if badge is not None and badge["state"] == "revoked":
        raise Refusal(410, "This badge has been revoked")
    if badge is None or badge["state"] != "accepted" or not badge["public"]:
        raise not_found()
    return badge


def _hash(email: str) -> str:
    return hashlib.sha256(email.encode()).hexdigest()


def _evidence(piece: dict[str, Any]) -> dict[str, Any]:
    return {
        "@context": _V2,
        "description": piece.get("description"),
        "id": piece.get("value"),
        "name": piece.get("name") or piece.get("title"),
        "genre": piece["type"],
        "type": "Evidence",
    }


def badge_class(call: Call, template_id: str, organization_id: str | None = None) -> Answer:
    """The class of a badge, under its short address and under its issuer's."""
    template = _template(call, template_id, organization_id)
    way = f"/issuers/{template.organization_id}/badge_classes/{template_id}"
    image = image_body(call, template["image"])
    content = {
        "@context": _V2,
        "criteria": {"@context": _V2, "id": _page(call, template), "narrative": _how(template)},
        "description": template["description"],
        "id": call.addresses.open_badge(way),
        "image": {"@context": _V2, "id": image["url"]} if image else None,
        "name": template["name"],
        "issuer": _issuer(call, template.organization_id, "Profile"),
        "alignment": [_alignment(one) for one in template["alignments"]],
        "tags": template["skills"],
        "type": "BadgeClass",
    }
    return Answer(200, content)


def _template(call: Call, template_id: str, organization_id: str | None) -> Template:
    template = find_template(call, template_id, organization_id)
    if template is None:
        raise not_found()
    return template


def _page(call: Call, template: Template) -> str:
    owner = organization_of(call, template.organization_id)
    return call.addresses.web(f"/org/{owner['vanity_slug']}/badge/{template['vanity_slug']}")


def _how(template: Template) -> str:
    activities = template["badge_template_activities"]
    return "\n".join(str(activity.get("title") or "") for activity in activities)


def _alignment(alignment: dict[str, Any]) -> dict[str, Any]:
    return {
        "targetName": alignment.get("name"),
        "targetUrl": alignment.get("url"),
        "targetDescription": alignment.get("description"),
    }


def issuer(call: Call, organization_id: str) -> Answer:
    return Answer(200, _issuer(call, organization_id, "Issuer"))


def _issuer(call: Call, organization_id: str, kind: str) -> dict[str, Any]:
    organization = organization_of(call, organization_id)
    return {
        "@context": _V2,
        "description": organization["bio"],
        "email": organization["contact_email"] or "info@practice.example",
        "id": call.addresses.open_badge(f"/issuers/{organization_id}"),
        "image": None,
        "name": organization["name"],
        "type": kind,
        "url": organization["website_url"]
        or call.addresses.web(f"/org/{organization['vanity_slug']}"),
    }


def credential(call: Call, badge_id: str) -> Answer:
    """The badge as an Open Badges 3.0 credential, without proof: nothing is signed here."""
    badge = _published(call, badge_id)
    template = _template(call, badge["template_id"], None)
    organization = _issuer(call, badge["organization_id"], "Profile")
    until = {"validUntil": badge["expires_at"]} if badge["expires_at"] else {}
    content = {
        "@context": _V3,
        "id": call.addresses.api(f"/obi/v3/open_badge_credentials/{badge_id}"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": template["name"],
        "issuer": {key: organization[key] for key in ("id", "name", "url")} | {"type": ["Profile"]},
        "validFrom": badge["issued_at"],
        **until,
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_identifier(badge)],
            "achievement": _achievement(call, template),
        },
    }
    return Answer(200, content)


def _identifier(badge: Record) -> dict[str, Any]:
    return {
        "type": "IdentityObject",
        "identityType": "emailAddress",
        "identityHash": f"sha256${_hash(badge['recipient_email'])}",
        "hashed": True,
        "salt": "",
    }


def _achievement(call: Call, template: Template) -> dict[str, Any]:
    image = image_body(call, template["image"])
    return {
        "id": call.addresses.open_badge(f"/badge_classes/{template['id']}"),
        "type": ["Achievement"],
        "name": template["name"],
        "description": template["description"] or "",
        "criteria": {"narrative": _how(template)},
        **({"image": {"id": image["url"], "type": "Image"}} if image else {}),
        "tag": template["skills"],
    }
