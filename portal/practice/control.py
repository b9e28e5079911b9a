"""The control calls under `/practice/`: what tests, demos and fault runs set up and look at."""

from typing import Any

from portal.practice.answers import Answer, Refusal, not_found
from portal.practice.auth import RIGHTS, add_token
from portal.practice.calls import Call
from portal.practice.earners import accept, add_earner, addresses_of, reject, set_public
from portal.practice.events import record_event, send_event
from portal.practice.images import add_image
from portal.practice.journal import read_entries
from portal.practice.organizations import (
    SETTABLE,
    add_organization,
    change_organization,
    organization_body,
    organization_of,
)
from portal.practice.plan import add_steps, clear_steps, read_steps
from portal.practice.records import find_badge, record_from, save
from portal.practice.store import clear
from portal.practice.switches import set_switches
from portal.practice.templates import (
    STATES,
    Template,
    add_template,
    change_template,
    find_template,
    template_body,
)
from portal.practice.times import read_moment, stamp


def create_organization(call: Call) -> Answer:
    """Make an organisation and a token for it; one that exists by this id is changed instead."""
    wishes = {"name": "Practice organisation", **call.body}
    try:
        known = organization_of(call, str(wishes.get("id")))
    except Refusal:
        organization = add_organization(call, wishes)
    else:
        changes = {key: call.body[key] for key in SETTABLE & call.body.keys()}
        organization = change_organization(call, known, changes)
    token = add_token(call.db, organization["id"], call.now, token=call.body.get("token"))
    body = organization_body(call, organization)
    return Answer(201, {"organization": body, "token": token["token"]})


def list_organizations(call: Call) -> Answer:
    ids = call.db.execute("SELECT id FROM organizations ORDER BY rowid").fetchall()
    bodies = [organization_body(call, organization_of(call, row["id"])) for row in ids]
    return Answer(200, {"organizations": bodies})


def create_token(call: Call, organization_id: str) -> Answer:
    organization_of(call, organization_id)
    read, write, delete = (bool(call.body.get(name, True)) for name in RIGHTS)
    ends = call.body.get("expires_at")
    moment = read_moment(ends) if ends else None
    row = add_token(
        call.db,
        organization_id,
        call.now,
        token=call.body.get("token"),
        rights=(read, write, delete),
        expires_at=stamp(moment) if moment else None,
    )
    return Answer(201, {name: row[name] for name in ("token", "expires_at", *RIGHTS)})


def expire_token(call: Call, organization_id: str) -> Answer:
    """Let one token expire, or all of the organisation when none is named."""
    call.db.execute(
        "UPDATE tokens SET expires_at = ? WHERE organization_id = ? AND token = coalesce(?, token)",
        (call.moment, organization_id, call.body.get("token")),
    )
    return Answer(204)


def create_templates(call: Call, organization_id: str) -> Answer:
    """Make one template, or `count` of them; one that exists by this id is changed instead."""
    organization_of(call, organization_id)
    if "count" not in call.body:
        known = find_template(call, call.body.get("id"), organization_id)
        template = _change(call, known, call.body) if known else _add(call, organization_id, {})
        return Answer(201, template_body(call, template))
    prefix = call.body.get("prefix", "Badge")
    made = [
        _add(call, organization_id, {"name": f"{prefix} {number}"})
        for number in range(1, int(call.body["count"]) + 1)
    ]
    return Answer(201, {"ids": [template["id"] for template in made]})


def _add(call: Call, organization_id: str, more: dict[str, Any]) -> Template:
    wishes = {"name": "Practice badge", **call.body, **more}
    _check_state(wishes)
    if wishes.get("state") != "draft" or wishes.get("image_base64"):
        wishes["image"] = add_image(call, str(wishes["name"]), wishes.get("image_base64"))
    template = add_template(call, organization_id, wishes)
    record_event(call, "badge_template.created", template)
    return template


def patch_template(call: Call, organization_id: str, template_id: str) -> Answer:
    template = find_template(call, template_id, organization_id)
    if template is None:
        raise not_found()
    return Answer(200, template_body(call, _change(call, template, call.body)))


def _change(call: Call, template: Template, wishes: dict[str, Any]) -> Template:
    _check_state(wishes)
    image = {}
    if wishes.get("image_base64"):
        image["image"] = add_image(call, str(template["name"]), wishes["image_base64"])
    changed = change_template(call, template, {**wishes, **image})
    record_event(call, "badge_template.changed", changed)
    return changed


def _check_state(wishes: dict[str, Any]) -> None:
    if wishes.get("state", "active") not in STATES:
        raise Refusal(422, f"state must be one of {', '.join(STATES)}")


def move_badge(call: Call, badge_id: str, wish: str) -> Answer:
    """Do what the earner would do: accept, reject (as if `at` that moment), hide or show."""
    badge = find_badge(call.db, badge_id)
    if badge is None:
        raise not_found()
    if wish in {"accept", "reject"}:
        moved = accept(call, badge) if wish == "accept" else reject(call, badge)
        if at := read_moment(str(call.body.get("at", ""))):
            moved = {**moved, "state_updated_at": stamp(at)}
            save(call.db, moved)
        return Answer(200, moved)
    return Answer(200, set_public(call, badge, wish == "public"))


def list_badges(call: Call) -> Answer:
    """All badges as they are stored, unseen by lag or filter: Credly's ledger."""
    rows = call.db.execute("SELECT * FROM badges ORDER BY sequence")
    return Answer(200, {"badges": [record_from(row) for row in rows]})


def create_earner(call: Call) -> Answer:
    """Make an account, or give more addresses to the account that has one of these."""
    emails = [str(email) for email in call.body["emails"]]
    first, last = call.body.get("first_name", "Practice"), call.body.get("last_name", "Earner")
    earner = add_earner(call, first, last, emails)
    found = {"id": earner["id"], "slug": earner["slug"]}
    return Answer(201, {**found, "emails": addresses_of(call, earner["id"])})


def send_event_again(call: Call, event_id: str) -> Answer:
    row = call.db.execute("SELECT * FROM events WHERE id = ?", (event_id,)).fetchone()
    if row is None:
        raise not_found()
    send_event(call, row)
    return Answer(204)


def get_plan(call: Call) -> Answer:
    return Answer(200, {"steps": read_steps(call.db)})


def extend_plan(call: Call) -> Answer:
    add_steps(call.db, call.body.get("steps"))
    return get_plan(call)


def clear_plan(call: Call) -> Answer:
    clear_steps(call.db)
    return Answer(204)


def get_switches(call: Call) -> Answer:
    return Answer(200, call.switches)


def change_switches(call: Call) -> Answer:
    set_switches(call.db, call.body)
    return Answer(200, {**call.switches, **call.body})


def get_log(call: Call) -> Answer:
    since = call.args.get("since", "0")
    entries = read_entries(call.db, int(since) if since.isdecimal() else 0)
    return Answer(200, {"entries": entries, "last": entries[-1]["sequence"] if entries else None})


def clear_log(call: Call) -> Answer:
    call.db.execute("DELETE FROM log")
    return Answer(204)


def reset(call: Call) -> Answer:
    """Forget everything, organisations, tokens and switches included."""
    clear(call.db)
    return Answer(204)
