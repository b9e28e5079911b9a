"""Templates made and changed by API and by control."""

import base64

import pytest

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\n and more").decode()


def complete(**fields):
    return {
        "name": "Knots",
        "description": "Ties them",
        "image": PIXEL,
        "skills": ["a", "b", "c"],
        "global_activity_url": "https://example.org/knots",
        "badge_template_activities": [{"activity_type": "Course", "title": "Ropes"}],
        **fields,
    }


def test_a_complete_template_is_created_as_a_draft_with_a_location(desk):
    answer = desk.call("POST", "/badge_templates", complete(), 201)
    made = answer.json()["data"]
    assert (made["state"], made["vanity_slug"]) == ("draft", "knots")
    there = desk.http.get(answer.headers["Location"], auth=(desk.token, ""), timeout=60)
    assert there.json()["data"]["id"] == made["id"]
    assert made["badge_template_activities"][0]["title"] == "Ropes"


@pytest.mark.parametrize("field", list(complete()))
def test_what_is_required_is_refused_when_missing(desk, field):
    desk.call("POST", "/badge_templates", complete(**{field: None}), 422)


def test_the_second_of_a_name_gets_a_numbered_slug(desk):
    assert [desk.template()["vanity_slug"] for _ in range(3)] == ["knots", "knots.2", "knots.3"]


def test_archived_and_back(desk):
    path = f"/badge_templates/{desk.template()['id']}"
    assert desk.data("PUT", f"{path}/archive")["state"] == "archived"
    assert desk.data("PUT", f"{path}/unarchive")["state"] == "active"


def test_a_renamed_template_is_renamed_in_its_badges_too(desk):
    template = desk.template()
    badge = desk.issue(template)
    desk.data("PUT", f"/badge_templates/{template['id']}", {"name": "Better knots"})
    assert desk.look(badge)["badge_template"]["name"] == "Better knots"


def test_a_new_image_has_a_new_address(desk):
    template = desk.template()
    path = f"organizations/{desk.id}/templates/{template['id']}"
    changed = desk.control("PATCH", path, {"image_base64": PIXEL})
    assert changed["image_url"] != template["image_url"]
    assert desk.http.get(changed["image_url"], timeout=60).content == base64.b64decode(PIXEL)


def test_a_template_with_badges_is_deleted_only_by_switch(desk):
    template = desk.template()
    desk.issue(template)
    path = f"/badge_templates/{template['id']}"
    desk.call("DELETE", path, expect=422)
    desk.set(template_delete_with_badges="allow")
    desk.call("DELETE", path, expect=204)
    desk.call("GET", path, expect=404)
    assert desk.data("GET", "/badges")[0]["badge_template"] == {}


def test_badges_are_counted(desk):
    template = desk.template()
    badge = desk.issue(template)
    path = f"/badge_templates/{template['id']}"
    assert desk.data("GET", path)["badges_count"] == 1
    desk.call("DELETE", f"/badges/{badge['id']}", expect=204)
    assert desk.data("GET", path)["badges_count"] == 0
