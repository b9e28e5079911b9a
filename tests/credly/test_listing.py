"""Walking lists that are numbered wrongly, never end or point elsewhere."""

from urllib.parse import parse_qs, urlsplit

import pytest

from portal.credly import listing
from portal.credly.errors import ConnectionTrouble, Refused, Unsure
from portal.credly.payloads import Template
from tests.credly.conftest import ORGANIZATION, badge, http, organization, template


def many(first, count=2):
    return [template(id=_id(number))["data"] for number in range(first, first + count)]


def _id(number):
    return f"00cd7d3b-baca-442b-bce5-{number:012x}"


def listed(items, **metadata):
    return http(200, {"data": items, "metadata": metadata})


def query(request):
    return parse_qs(urlsplit(request.split(" ")[1]).query)


def test_pages_are_counted_and_foreign_links_not_followed(wire, credly):
    away = "https://evil.test/v1/templates?page=2"
    for first in (1, 3):
        wire.plays(listed(many(first), total_pages=2, next_page_url=away))
    assert [one.id for one in credly.templates()] == [_id(number) for number in (1, 2, 3, 4)]
    assert [query(asked)["page"] for asked in wire.asked] == [["1"], ["2"]]
    assert query(wire.asked[0])["filter"] == ["state::active"]


@pytest.mark.parametrize("lie", [{}, {"total_pages": -1}, {"total_pages": 10**9}], ids=str)
def test_a_list_that_lies_about_its_length_ends_when_nothing_new_comes(wire, credly, lie):
    wire.plays(listed(many(1), **lie), listed(many(1), **lie))
    assert len(list(credly.templates(state=None))) == 2
    assert len(wire.asked) == 2


def test_an_empty_page_ends_the_list(wire, credly):
    wire.plays(listed(many(1)), listed([]))
    assert len(list(credly.templates())) == 2


def test_a_list_without_end_is_bounded_and_not_taken_for_the_whole(wire, credly):
    wire.plays(*[listed(many(first), total_pages=10**9) for first in (1, 3, 5, 7)])
    endless = listing.pages(credly.transport, "/x", Template.read, {}, sort="name", most=3)
    with pytest.raises(Unsure):
        list(endless)
    assert len(wire.asked) == 3


def test_a_shifted_page_gives_each_item_once(wire, credly):
    wire.plays(listed(many(1), total_pages=2), listed(many(2), total_pages=2))
    assert len(list(credly.templates())) == 3


@pytest.mark.parametrize("answer", [{"data": {}}, {"data": [7]}, {"data": [{}]}, {}], ids=str)
def test_a_strange_list_is_unsure(wire, credly, answer):
    wire.plays(http(200, answer))
    with pytest.raises(Unsure, match="wrong_shape"):
        list(credly.templates())


def test_signs_in_an_address_do_not_change_the_filter(wire, credly):
    wire.plays(listed([]), listed([]))
    list(credly.badges(recipient_email="a+b&c=d@example.org"))
    list(credly.badges(recipient_email="a|state::x@example.org", state="pending"))
    assert query(wire.asked[0])["filter"] == ["recipient_email::a+b&c=d@example.org"]
    assert query(wire.asked[1])["filter[recipient_email]"] == ["a|state::x@example.org"]
    assert "filter" not in query(wire.asked[1])


def test_a_missing_list_is_put_down_to_the_organisation(wire, credly):
    wire.plays(http(404, b""), http(404, b""))
    with pytest.raises(ConnectionTrouble) as trouble:
        list(credly.badges())
    assert trouble.value.cause == "organization"


def test_a_missing_list_of_a_good_organisation_is_refused(wire, credly):
    wire.plays(http(404, b""), http(200, organization()))
    with pytest.raises(Refused):
        list(credly.badges())


def found(number, next_page_url=None):
    one = badge(id=_id(number))["data"]
    return listed([one], next_page_url=next_page_url)


def test_the_bulk_search_follows_only_the_query_onto_our_own_path(wire, credly):
    wire.plays(found(1, "https://evil.test/elsewhere?cursor=abc"), found(2))
    assert len(list(credly.search(state="accepted"))) == 2
    path = f"/v1/organizations/{ORGANIZATION}/high_volume_issued_badge_search"
    assert wire.asked[1].startswith(f"GET {path}?cursor=abc&")
    assert query(wire.asked[1])["filter"] == ["state::accepted"]


def test_a_bulk_search_in_a_circle_ends(wire, credly):
    again = "https://x.test/?cursor=abc"
    wire.plays(found(1, again), found(2, again), found(3, again))
    assert len(list(credly.search())) == 2
