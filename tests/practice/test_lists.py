"""Pages of fifty, filters in both forms, sorting."""

import pytest


def names(rows):
    return [row["name"] for row in rows]


def test_sixty_templates_are_two_pages(desk):
    desk.control("POST", f"organizations/{desk.id}/templates", {"count": 60, "prefix": "Badge"})
    first = desk.call("GET", "/badge_templates").json()
    assert first["metadata"] == {
        "count": 50,
        "current_page": 1,
        "total_count": 60,
        "total_pages": 2,
        "per": 50,
        "previous_page_url": None,
        "next_page_url": f"{desk.practice.url}/api/v1/organizations/{desk.id}"
        "/badge_templates?page=2",
    }
    second = desk.http.get(first["metadata"]["next_page_url"], auth=(desk.token, "")).json()
    assert second["metadata"]["next_page_url"] is None
    assert len(set(names(first["data"] + second["data"]))) == 60


def test_an_empty_list_is_one_page(desk):
    metadata = desk.call("GET", "/badges").json()["metadata"]
    assert (metadata["count"], metadata["total_count"], metadata["total_pages"]) == (0, 0, 1)
    assert metadata["next_page_url"] is metadata["previous_page_url"] is None


@pytest.mark.parametrize(("switch", "page", "count"), [("asked", 3, 0), ("last", 1, 1)])
def test_a_page_beyond_the_end_is_empty_or_the_last_by_switch(desk, switch, page, count):
    desk.template()
    desk.set(current_page_beyond_end=switch)
    metadata = desk.call("GET", "/badge_templates?page=3").json()["metadata"]
    assert (metadata["current_page"], metadata["count"]) == (page, count)


@pytest.mark.parametrize("keeps", [True, False])
def test_the_next_link_repeats_the_filter_only_by_switch(desk, keeps):
    desk.control("POST", f"organizations/{desk.id}/templates", {"count": 3})
    desk.set(next_page_keeps_filter=keeps, page_size=2)
    answer = desk.call("GET", "/badge_templates?filter=state::active&sort=-name").json()
    assert ("filter=state" in answer["metadata"]["next_page_url"]) == keeps
    assert names(answer["data"]) == ["Badge 3", "Badge 2"]


@pytest.mark.parametrize(
    "query",
    ["filter=state::draft,archived|query::kno", "filter[state]=draft,archived&filter[query]=kno"],
)
def test_templates_are_filtered_in_both_forms(desk, query):
    for state, name in (("draft", "Knots"), ("archived", "More knots"), ("active", "Knots now")):
        desk.template(state=state, name=name)
    desk.template(state="draft", name="Ropes")
    assert names(desk.data("GET", f"/badge_templates?{query}")) == ["Knots", "More knots"]


def test_a_quoted_name_is_the_whole_name(desk):
    for name in ("Knots", "More Knots"):
        desk.template(name=name)
    assert names(desk.data("GET", '/badge_templates?filter=name::"Knots"')) == ["Knots"]
    assert len(desk.data("GET", "/badge_templates?filter=name::Knots")) == 2


def test_templates_are_found_by_skill(desk):
    desk.template(name="Knots", skills=["Rope work"])
    desk.template(name="Sails", skills=["Sewing"])
    assert names(desk.data("GET", "/badge_templates?filter[skills]=Rope work,Other")) == ["Knots"]


@pytest.mark.parametrize(
    "wish",
    [
        "recipient_email::LENA%2Btest@example.org",
        "recipient_email_all::lena@home.example",
        "issuer_earner_id::earner-1",
        "state::accepted,rejected",
        "query::Öberg",
        "issuer_earner_id::earner-1|state::accepted|public::true",
        "expires_at_date_max::2030-01-01",
        "badge_templates[reporting_tags]::Ambassador",
    ],
)
def test_badges_are_found_by_every_filter_in_use(desk, wish):
    template = desk.template(reporting_tags=["Ambassador"])
    other = desk.template(name="Other")
    who = {"recipient_email": "Lena+test@example.org", "issuer_earner_id": "earner-1"}
    more = {"issued_to_last_name": "Öberg", "expires_at": "2030-01-01T00:00:00Z"}
    badge = desk.issue(template, **who, **more)
    desk.move(badge, "accept")
    emails = ["lena+test@example.org", "lena@home.example"]
    desk.control("POST", "earners", {"emails": emails})
    desk.issue(other)
    found = desk.data("GET", f"/badges?filter={wish}")
    assert [one["id"] for one in found] == [badge["id"]]


def test_badges_of_two_templates_are_found_with_a_comma(desk):
    first, second, third = (desk.template(name=name) for name in ("One", "Two", "Three"))
    for template in (first, second, third):
        desk.issue(template)
    path = f"/badges?filter[badge_template_id]={first['id']},{second['id']}&sort=-issued_at"
    assert len(desk.data("GET", path)) == 2


def test_an_unknown_filter_is_ignored_or_refused_by_switch(desk):
    desk.template()
    assert len(desk.data("GET", "/badge_templates?filter=colour::red")) == 1
    desk.set(unknown_filter="refuse")
    desk.call("GET", "/badge_templates?filter=colour::red", expect=422)


def test_a_new_badge_is_seen_in_lists_only_after_the_lag(desk):
    desk.set(list_lag=60)
    badge = desk.issue(desk.template())
    assert desk.data("GET", "/badges") == []
    assert desk.data("GET", "/high_volume_issued_badge_search") == []
    assert desk.look(badge)["id"] == badge["id"]


def test_the_bulk_search_is_followed_to_its_end(desk):
    desk.set(high_volume_page_size=2)
    template = desk.template()
    issued = [desk.issue(template)["id"] for _ in range(5)]
    url, seen = f"{desk.root}/high_volume_issued_badge_search?filter=state::pending", []
    while url:
        answer = desk.http.get(url, auth=(desk.token, ""), timeout=60).json()
        seen += [badge["id"] for badge in answer["data"]]
        url = answer["metadata"]["next_page_url"]
    assert seen == issued
