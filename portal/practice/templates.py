"""Badge templates: how they are stored, and the object that Credly's answers show."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from portal.practice.calls import Call, new_id
from portal.practice.images import image_body
from portal.practice.organizations import organization_of
from portal.practice.slugs import slug_of

STATES = ("draft", "active", "archived")

# In the order of credly-api.md 3.2. What is in _COMPUTED nobody can set.
_PLAIN: dict[str, Any] = {
    "id": None,
    "allow_duplicate_badges": False,
    **dict.fromkeys(("cost", "description", "global_activity_url", "level")),
    "lock_badge_state": False,
    "name": None,
    "state": "active",
    "public": True,
    "badges_count": 0,
    "recipient_type": "User",
    "send_expiring_badge_notifications": False,
    "show_badge_lmi": False,
    "show_lmi_jobs": False,
    "show_skill_tag_links": True,
    "vanity_slug": None,
    **dict.fromkeys(("record_to_blockchain", "time_to_earn", "type_category")),
    "printing_disabled": False,
    "visibility": "public",
    **dict.fromkeys(("criteria_url_name", "criteria_url")),
    "certification": False,
    **dict.fromkeys(("state_updated_at", "created_at", "updated_at")),
    "show_template_settings": False,
    "get_issue_count": 0,
    **dict.fromkeys(("image", "image_url", "url", "owner")),
    "alignments": [],
    "recommendations": [],
    "required_badge_templates": [],
    "badge_template_activities": [],
    "skills": [],
    "reporting_tags": [],
}
_COMPUTED = frozenset(
    [
        "id",
        "badges_count",
        "vanity_slug",
        "state_updated_at",
        "created_at",
        "updated_at",
        "get_issue_count",
        "image",
        "image_url",
        "url",
        "owner",
    ]
)
SETTABLE = frozenset(_PLAIN) - _COMPUTED | {"default_expires_at"}


@dataclass
class Template:
    """A stored template: Credly's fields by their names, and what the table knows besides."""

    organization_id: str
    fields: dict[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]


def template_from(row: sqlite3.Row) -> Template:
    fields = json.loads(row["data"])
    fields |= {"badges_count": row["badges_count"], "get_issue_count": row["badges_count"]}
    return Template(row["organization_id"], fields)


def find_template(call: Call, template_id: Any, organization_id: str | None) -> Template | None:
    """Return the template of this organisation (of any, for None), or None."""
    if not isinstance(template_id, str):
        return None
    row = call.db.execute("SELECT * FROM templates WHERE id = ?", (template_id,)).fetchone()
    if row is None or organization_id not in {None, row["organization_id"]}:
        return None
    return template_from(row)


def add_template(call: Call, organization_id: str, wishes: dict[str, Any]) -> Template:
    """Store a new template; `wishes` are fields of `SETTABLE`, and maybe `id` and `image`."""
    slug = _free_slug(call.db, organization_id, slug_of(str(wishes["name"])))
    fields = {**_PLAIN, **{key: wishes[key] for key in SETTABLE & wishes.keys()}}
    fields |= {"id": wishes.get("id") or new_id(), "vanity_slug": slug}
    fields |= {"image": wishes.get("image"), "created_at": call.moment, "updated_at": call.moment}
    template = Template(organization_id, _in_agreement(fields, wishes))
    call.db.execute(
        "INSERT INTO templates (id, organization_id, name, state, slug, public, created_at,"
        " updated_at, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (fields["id"], organization_id, *_columns(template), json.dumps(template.fields)),
    )
    return template


def change_template(call: Call, template: Template, wishes: dict[str, Any]) -> Template:
    """Change fields of `SETTABLE` and `image`; everything else in `wishes` is passed over."""
    allowed = SETTABLE | {"image"}
    fields = {**template.fields, **{key: wishes[key] for key in allowed & wishes.keys()}}
    if fields["state"] != template["state"]:
        fields["state_updated_at"] = call.moment
    fields["updated_at"] = call.moment
    changed = Template(template.organization_id, _in_agreement(fields, wishes))
    call.db.execute(
        "UPDATE templates SET name = ?, state = ?, slug = ?, public = ?, created_at = ?,"
        " updated_at = ?, data = ? WHERE id = ?",
        (*_columns(changed), json.dumps(changed.fields), fields["id"]),
    )
    return changed


def _in_agreement(fields: dict[str, Any], wishes: dict[str, Any]) -> dict[str, Any]:
    """Make `public` and `visibility` say the same, whichever of them was set."""
    if "visibility" in wishes:
        return {**fields, "public": fields["visibility"] == "public"}
    return {**fields, "visibility": "public" if fields["public"] else "private"}


def _columns(template: Template) -> tuple[Any, ...]:
    names = ("name", "state", "vanity_slug", "public", "created_at", "updated_at")
    return tuple(template[name] for name in names)


def _free_slug(db: sqlite3.Connection, organization_id: str, wanted: str) -> str:
    slug, number = wanted, 1
    query = "SELECT 1 FROM templates WHERE organization_id = ? AND slug = ?"
    while db.execute(query, (organization_id, slug)).fetchone():
        number += 1
        slug = f"{wanted}.{number}"
    return slug


def template_body(call: Call, template: Template, *, inside_badge: bool = False) -> dict[str, Any]:
    """The object of credly-api.md 3.2; the copy inside a badge has no `reporting_tags`."""
    owner = organization_of(call, template.organization_id)
    image = image_body(call, template["image"])
    left_out = {"default_expires_at", *(["reporting_tags"] if inside_badge else [])}
    return {
        **{key: value for key, value in template.fields.items() if key not in left_out},
        "image": image,
        "image_url": image["url"] if image else None,
        "url": call.addresses.web(
            f"/org/{owner['vanity_slug']}/badge/{template['vanity_slug']}",
        ),
        "owner": {
            "type": "Organization",
            "id": owner["id"],
            "name": owner["name"],
            "enable_blockchain": owner["enable_blockchain"],
            "url": call.addresses.api(f"/organizations/{owner['id']}"),
            "vanity_url": call.addresses.web(f"/org/{owner['vanity_slug']}"),
            "vanity_slug": owner["vanity_slug"],
            "verified": owner["verified"],
            "viewable": True,
        },
    }
