"""The pages for people: an earner's badges, accepting one, and what the public may see."""

from typing import Any
from urllib.parse import urlencode

from portal.practice.answers import Answer, Refusal, not_found
from portal.practice.badges import badge_body
from portal.practice.calls import Call
from portal.practice.earners import accept, addresses_of, earner_with, reject, set_public
from portal.practice.organizations import organization_body, organization_of
from portal.practice.paging import marks
from portal.practice.records import Record, find_badge, record_from
from portal.practice.rendering import HTML, page, see
from portal.practice.templates import template_body, template_from


def front(_call: Call) -> Answer:
    return page("front.html")


def stylesheet(_call: Call) -> Answer:
    content = (HTML / "practice.css").read_bytes()
    return Answer(200, content, {"Cache-Control": "max-age=300"}, "text/css; charset=utf-8")


def sorry(refusal: Refusal) -> Answer:
    return page("sorry.html", refusal.status, status=refusal.status, words=str(refusal))


def earner(call: Call) -> Answer:
    """All badges of the person who has this address, whichever address they were sent to."""
    email = call.args.get("email", "").strip()
    account = earner_with(call, email)
    known = [email.lower(), *(addresses_of(call, account["id"]) if account else [])]
    query = f"SELECT * FROM badges WHERE email IN ({marks(known)}) ORDER BY sequence DESC"  # noqa: S608 - only marks
    rows = call.db.execute(query, known).fetchall() if email else []
    badges = [badge_body(call, record_from(row)) for row in rows]
    return page("earner.html", email=email, badges=badges, account=account)


def decide(call: Call, badge_id: str) -> Answer:
    return page("decide.html", badge=badge_body(call, _badge(call, badge_id)))


def press(call: Call, badge_id: str, wish: str) -> Answer:
    """Accept, reject, hide or show a badge."""
    badge = _badge(call, badge_id)
    if wish in {"accept", "reject"}:
        (accept if wish == "accept" else reject)(call, badge)
        return see(f"/badges/{badge_id}/accept")
    set_public(call, badge, wish == "public")
    return see("/earner?" + urlencode({"email": badge["recipient_email"]}))


def _badge(call: Call, badge_id: str) -> Record:
    badge = find_badge(call.db, badge_id)
    if badge is None:
        raise not_found()
    return badge


def badge(call: Call, badge_id: str) -> Answer:
    """The public page: only for badges that were accepted and left public."""
    found = _badge(call, badge_id)
    if found["state"] == "revoked":
        raise Refusal(410, "This badge has been revoked")
    if found["state"] != "accepted" or not found["public"]:
        raise not_found()
    return page("badge.html", badge=badge_body(call, found))


def public_url(_call: Call, badge_id: str) -> Answer:
    return see(f"/badges/{badge_id}")


def profile(call: Call, slug: str) -> Answer:
    account, badges = _published(call, slug)
    return page("profile.html", account=account, badges=[badge_body(call, one) for one in badges])


def profile_json(call: Call, slug: str) -> Answer:
    account, badges = _published(call, slug)
    data = [_shown(call, account["slug"], one) for one in badges]
    return Answer(200, {"data": data, "metadata": {}})


def _published(call: Call, slug: str) -> tuple[Any, list[Record]]:
    account = call.db.execute("SELECT * FROM earners WHERE slug = ?", (slug,)).fetchone()
    if account is None:
        raise not_found()
    query = "SELECT * FROM badges WHERE user_id = ? AND state = 'accepted' AND public"
    rows = call.db.execute(f"{query} ORDER BY sequence DESC", (account["id"],))
    return account, [record_from(row) for row in rows]


def _shown(call: Call, slug: str, badge: Record) -> dict[str, Any]:
    """A badge as the profile's JSON tells of it (credly-api.md 3.9)."""
    body = badge_body(call, badge)
    template = body["badge_template"]
    return {
        **{name: body[name] for name in ("id", "issued_at", "expires_at", "issuer", "image_url")},
        "accepted_at": body["state_updated_at"],
        "last_updated_at": body["updated_at"],
        "earner_path": f"/users/{slug}",
        "is_private_badge": not body["public"],
        "badge_template": {
            **{name: template.get(name) for name in ("id", "name", "description", "url")},
            "skills": [{"name": skill} for skill in template.get("skills", [])],
        },
    }


def organization(call: Call, slug: str) -> Answer:
    found = _organization(call, slug)
    query = "SELECT * FROM templates WHERE organization_id = ? AND state = 'active' AND public"
    rows = call.db.execute(f"{query} ORDER BY name", (found["id"],)).fetchall()
    templates = [template_body(call, template_from(row)) for row in rows]
    return page(
        "organization.html", organization=organization_body(call, found), templates=templates
    )


def _organization(call: Call, slug: str) -> dict[str, Any]:
    row = call.db.execute("SELECT id FROM organizations WHERE slug = ?", (slug,)).fetchone()
    if row is None:
        raise not_found()
    return organization_of(call, row["id"])


def template(call: Call, slug: str, template_slug: str) -> Answer:
    owner = _organization(call, slug)
    query = "SELECT * FROM templates WHERE organization_id = ? AND slug = ? AND state != 'draft'"
    row = call.db.execute(query, (owner["id"], template_slug)).fetchone()
    if row is None:
        raise not_found()
    return page("template.html", template=template_body(call, template_from(row)))
