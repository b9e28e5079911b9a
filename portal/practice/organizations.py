"""Organisations: their object, and the calls that list, show and change them."""

import json
import sqlite3
from typing import Any

from portal.practice.answers import Answer, Refusal, enveloped, not_found
from portal.practice.calls import Call, new_id
from portal.practice.slugs import slug_of

# All keys in the order of credly-api.md 3.1; those computed from others are filled in later.
_PLAIN: dict[str, Any] = {
    **dict.fromkeys(("id", "name", "website_url", "webhook_url", "contact_email")),
    **dict.fromkeys(("legal_contact_email", "technical_contact_email", "zip_or_postal_code")),
    **dict.fromkeys(("organization_type", "bio", "twitter_url", "vanity_slug", "facebook_url")),
    **dict.fromkeys(("linked_in_url", "linked_in_name", "linked_in_org_id", "city", "address")),
    **dict.fromkeys(("primary_hex_color", "support_email", "support_url")),
    "allow_saml_debug": False,
    "allowed_webhooks": [],
    "enable_blockchain": False,
    "print_method": None,
    "pdf_id": None,
    "internationalize_badge_templates": False,
    "integrated_with_faethm": False,
    "hide_subscription": False,
    **dict.fromkeys(("default_page", "industry_id")),
    "workforce_enabled": False,
    **dict.fromkeys(("linkedin_a2p_url", "location", "country", "state_or_province")),
    **dict.fromkeys(("created_at", "updated_at", "vanity_url", "verified_at")),
    "verified": False,
    "require_template_detail_attributes": False,
    **dict.fromkeys(("photo", "photo_url")),
    "has_employees": False,
    "missing_required_info": False,
    "featured_badge_templates": [],
}
WRITABLE = frozenset(
    [
        "name",
        "website_url",
        "webhook_url",
        "location",
        "zip_or_postal_code",
        "contact_email",
        "legal_contact_email",
        "organization_type",
        "bio",
        "twitter_url",
        "facebook_url",
        "photo",
        "city",
        "state_or_province",
        "country",
        "address",
        "hide_subscription",
    ]
)
_COMPUTED = frozenset({"id", "vanity_slug", "vanity_url", "created_at", "updated_at"})
SETTABLE = frozenset(_PLAIN) - _COMPUTED


def organization_of(call: Call, organization_id: str) -> dict[str, Any]:
    """Return the stored organisation; an unknown one is 404."""
    query = "SELECT data FROM organizations WHERE id = ?"
    row = call.db.execute(query, (organization_id,)).fetchone()
    if row is None:
        raise not_found()
    return json.loads(row["data"])


def add_organization(call: Call, wishes: dict[str, Any]) -> dict[str, Any]:
    """Store a new organisation with a slug of its own."""
    organization = {**_PLAIN, **{key: wishes[key] for key in SETTABLE & wishes.keys()}}
    organization |= {"id": wishes.get("id") or new_id(), "name": wishes["name"]}
    organization |= {"created_at": call.moment, "updated_at": call.moment}
    organization["vanity_slug"] = _free_slug(call.db, slug_of(wishes["name"]))
    call.db.execute(
        "INSERT INTO organizations (id, slug, data) VALUES (?, ?, ?)",
        (organization["id"], organization["vanity_slug"], json.dumps(organization)),
    )
    return organization


def change_organization(
    call: Call, organization: dict[str, Any], wishes: dict[str, Any]
) -> dict[str, Any]:
    changed = {**organization, **wishes, "updated_at": call.moment}
    call.db.execute(
        "UPDATE organizations SET data = ? WHERE id = ?", (json.dumps(changed), changed["id"])
    )
    return changed


def _free_slug(db: sqlite3.Connection, wanted: str) -> str:
    taken = "SELECT count(*) FROM organizations WHERE slug = ? OR slug LIKE ? || '.%'"
    count = db.execute(taken, (wanted, wanted)).fetchone()[0]
    return f"{wanted}.{count + 1}" if count else wanted


def organization_body(call: Call, organization: dict[str, Any]) -> dict[str, Any]:
    photo = organization["photo"] if isinstance(organization["photo"], dict) else None
    return {
        **organization,
        "vanity_url": call.addresses.web(f"/org/{organization['vanity_slug']}"),
        "photo": photo,
        "photo_url": photo.get("url") if photo else None,
    }


def entity_body(call: Call, organization: dict[str, Any]) -> dict[str, Any]:
    """The short form that stands in a badge as creator and issuer."""
    return {
        "type": "Organization",
        "id": organization["id"],
        "name": organization["name"],
        "url": call.addresses.api(f"/organizations/{organization['id']}"),
        "vanity_url": call.addresses.web(f"/org/{organization['vanity_slug']}"),
        "share_to_ziprecruiter": False,
        "verified": organization["verified"],
    }


def list_organizations(call: Call) -> Answer:
    own = organization_of(call, call.token["organization_id"])
    return enveloped([organization_body(call, own)])


def get_organization(call: Call, organization_id: str) -> Answer:
    return enveloped(organization_body(call, organization_of(call, organization_id)))


def update_organization(call: Call, organization_id: str) -> Answer:
    """Change the profile, `webhook_url` among it; fields that are not writable are passed over."""
    wishes = {key: call.body[key] for key in WRITABLE & call.body.keys()}
    if "name" in wishes and not str(wishes["name"] or "").strip():
        raise Refusal(422, "Validation failed: Name can't be blank")
    changed = change_organization(call, organization_of(call, organization_id), wishes)
    return enveloped(organization_body(call, changed))
