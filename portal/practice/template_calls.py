"""The template calls: list, show, create, update, archive, delete."""

from typing import Any

from portal.practice.answers import Answer, Refusal, enveloped, not_found
from portal.practice.calls import Call, new_id
from portal.practice.events import record_event
from portal.practice.images import add_image
from portal.practice.paging import (
    Condition,
    Filter,
    among,
    conditions_of,
    from_day,
    marks,
    order_of,
    page_of,
    to_day,
    truth,
    values_of,
)
from portal.practice.templates import (
    Template,
    add_template,
    change_template,
    find_template,
    template_body,
    template_from,
)

WRITABLE = frozenset(
    [
        "name",
        "description",
        "image",
        "skills",
        "global_activity_url",
        "badge_template_activities",
        "alignments",
        "recommendations",
        "reporting_tags",
        "cost",
        "level",
        "time_to_earn",
        "type_category",
        "lock_badge_state",
        "criteria_url",
        "criteria_url_name",
    ]
)
_SORTS = {name: name for name in ("name", "badges_count", "created_at", "updated_at", "state")}


def _name(_call: Call, text: str) -> Condition:
    """A name in quotes is the whole name, without them a part of it."""
    if len(text) > 1 and text[0] == text[-1] == '"':
        return "name = ?", [text[1:-1]]
    return "instr(lower(name), lower(?)) > 0", [text]


def _query(_call: Call, text: str) -> Condition:
    words = "lower(name || ' ' || coalesce(json_extract(data, '$.description'), ''))"
    return f"instr({words}, lower(?)) > 0", [text]


def _listed(key: str) -> Filter:
    def condition(_call: Call, text: str) -> Condition:
        values = values_of(text)
        inside = f"SELECT 1 FROM json_each(data, '$.{key}') WHERE value IN ({marks(values)})"  # noqa: S608 - a fixed key
        return f"EXISTS ({inside})", values

    return condition


_FILTERS = {
    "query": _query,
    "name": _name,
    "public": truth("public"),
    "state": among("state"),
    "owner_id": among("organization_id"),
    "skills": _listed("skills"),
    "reporting_tags": _listed("reporting_tags"),
    "created_at_min": from_day("created_at"),
    "created_at_max": to_day("created_at"),
    "updated_at_min": from_day("updated_at"),
    "updated_at_max": to_day("updated_at"),
}


def list_templates(call: Call, organization_id: str) -> Answer:
    conditions = [("organization_id = ?", [organization_id]), *conditions_of(call, _FILTERS)]
    order = order_of(call, _SORTS, "sequence")
    rows, metadata = page_of(call, "templates", conditions, order)
    return enveloped([template_body(call, template_from(row)) for row in rows], metadata)


def get_template(call: Call, organization_id: str, template_id: str) -> Answer:
    template = _template(call, organization_id, template_id)
    body = template_body(call, template)
    return enveloped({**body, "recommending_templates": [], "criterion_for": []})


def create_template(call: Call, organization_id: str) -> Answer:
    """Create with the required fields of credly-api.md 3.2, the three skills included."""
    wishes = {key: call.body[key] for key in WRITABLE & call.body.keys()}
    _check_complete(wishes)
    wishes["image"] = _image(call, wishes)
    wishes["state"] = call.switches["template_created_state"]
    template = add_template(call, organization_id, _with_activity_ids(wishes))
    record_event(call, "badge_template.created", template)
    body = template_body(call, template)
    where = call.addresses.api(f"/organizations/{organization_id}/badge_templates/{body['id']}")
    return Answer(201, {"data": body, "metadata": {}}, {"Location": where})


def update_template(call: Call, organization_id: str, template_id: str) -> Answer:
    template = _template(call, organization_id, template_id)
    wishes = {key: call.body[key] for key in WRITABLE & call.body.keys()}
    if "name" in wishes and not wishes["name"]:
        raise Refusal(422, "Validation failed: Name can't be blank")
    if wishes.pop("image", None):
        wishes["image"] = _image(call, {"name": template["name"], **call.body})
    return _changed(call, template, _with_activity_ids(wishes))


def archive_template(call: Call, organization_id: str, template_id: str) -> Answer:
    return _changed(call, _template(call, organization_id, template_id), {"state": "archived"})


def unarchive_template(call: Call, organization_id: str, template_id: str) -> Answer:
    return _changed(call, _template(call, organization_id, template_id), {"state": "active"})


def delete_template(call: Call, organization_id: str, template_id: str) -> Answer:
    """Delete it. What Credly does when badges exist is not known, so a switch decides."""
    template = _template(call, organization_id, template_id)
    refuses = call.switches["template_delete_with_badges"] == "refuse"
    if template["badges_count"] and refuses:
        raise Refusal(422, "Badge template cannot be deleted because badges have been issued")
    call.db.execute("DELETE FROM templates WHERE id = ?", (template_id,))
    record_event(call, "badge_template.deleted", template)
    return Answer(204)


def _template(call: Call, organization_id: str, template_id: str) -> Template:
    template = find_template(call, template_id, organization_id)
    if template is None:
        raise not_found()
    return template


def _changed(call: Call, template: Template, wishes: dict[str, Any]) -> Answer:
    changed = change_template(call, template, wishes)
    record_event(call, "badge_template.changed", changed)
    return enveloped(template_body(call, changed))


def _check_complete(wishes: dict[str, Any]) -> None:
    for name in ("name", "description", "image", "global_activity_url"):
        if not wishes.get(name):
            label = name.replace("_", " ").capitalize()
            raise Refusal(422, f"Validation failed: {label} can't be blank")
    for name, least in (("skills", 3), ("badge_template_activities", 1)):
        given = wishes.get(name)
        if not isinstance(given, list) or len(given) < least:
            raise Refusal(422, f"Validation failed: {name} must have at least {least} items")


def _image(call: Call, wishes: dict[str, Any]) -> dict[str, Any]:
    """An address to fetch from is accepted and a picture drawn: practice Credly fetches nothing."""
    given = wishes["image"]
    packed = given if isinstance(given, str) else None
    return add_image(call, str(wishes["name"]), packed)


def _with_activity_ids(wishes: dict[str, Any]) -> dict[str, Any]:
    activities = wishes.get("badge_template_activities")
    if not isinstance(activities, list):
        return wishes
    blank = {"title": None, "activity_type": None, "activity_url": ""}
    return {
        **wishes,
        "badge_template_activities": [
            {"id": new_id(), **blank, "required_badge_template_id": None, **activity}
            for activity in activities
            if isinstance(activity, dict)
        ],
    }
