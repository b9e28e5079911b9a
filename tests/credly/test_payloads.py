"""Reading Credly's objects, and writing our orders."""

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.credly.errors import Unsure
from portal.credly.payloads import Badge, Event, IssueOrder, Organization, Template
from portal.credly.shapes import is_uuid
from tests.credly.conftest import BADGE, ORGANIZATION, TEMPLATE, badge, template

RECORDED = badge(
    user={"url": "https://www.credly.com/users/lena"},
    recipient_email="lena@example.org",
    issued_at="2021-04-14T07:22:14.000Z",
    expires_at=False,
    state_updated_at=None,
    replacement_badge_id=None,
    something_new={"not": "known"},
)["data"]


def test_a_pending_badge_has_what_credly_sent_and_nothing_else():
    read = Badge.read(RECORDED)
    assert read.issued_at == datetime(2021, 4, 14, 7, 22, 14, tzinfo=UTC)
    assert read.user_url == "https://www.credly.com/users/lena"
    assert (read.badge_url, read.expires_at, read.replacement_badge_id) == (None, None, None)


def test_people_do_not_show_in_the_repr_of_a_badge_or_an_order(order):
    assert "lena" not in f"{Badge.read(RECORDED)!r}{order!r}".lower()


def test_an_unknown_state_is_kept_as_it_came():
    assert Badge.read(RECORDED | {"state": "sleeping"}).state == "sleeping"


STRANGE = [
    {"id": None},
    {"id": "3d566829ce3c47199588a89fb8646742"},
    {"id": "00000000-0000-0000-0000-000000000000"},
    {"state": None},
    {"state": ["pending"]},
    {"badge_template": None},
    {"badge_template": "x"},
    {"user": []},
    {"issued_at": "yesterday"},
    {"issued_at": 7},
    {"issued_at": "0001-01-01T00:00:00+23:00"},
    {"public": "yes"},
    {"replacement_badge_id": "../x"},
    {"recipient_email": {}},
]


@pytest.mark.parametrize("strange", STRANGE, ids=str)
def test_a_strange_badge_is_unsure_and_no_crash(strange):
    with pytest.raises(Unsure, match="wrong_shape"):
        Badge.read(RECORDED | strange)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(RECORDED)), JSON)
def test_whatever_a_field_holds_the_badge_is_read_or_unsure(key, value):
    with contextlib.suppress(Unsure):
        assert Badge.read(RECORDED | {key: value}).id


def test_what_no_database_can_hold_is_dropped_from_texts():
    read = Template.read(template(name="A\x00B\ud800C\u202eD", description="a\nb")["data"])
    assert (read.name, read.description) == ("ABCD", "a\nb")


def test_a_template_has_its_activities_and_skills_in_either_form():
    activities = [{"title": "Do it", "activity_url": ""}, {"title": "And", "activity_url": "u"}]
    data = template(badge_template_activities=activities, skills=["One", {"name": "Two"}])
    read = Template.read(data["data"])
    assert read.criteria == ("Do it", "And u")
    assert read.skills == ("One", "Two")
    assert read.is_active


def test_the_linkedin_number_of_an_organisation_becomes_text():
    read = Organization.read({"id": ORGANIZATION, "name": "N", "linked_in_org_id": 12345})
    assert read.linked_in_org_id == "12345"


def test_an_event_names_the_badge_to_read_again():
    data = {"id": BADGE, "organization_id": ORGANIZATION, "event_type": "badge.created"}
    read = Event.read(data | {"badge": {"id": BADGE.upper()}})
    assert (read.badge_id, read.template_id) == (BADGE, None)


def test_an_order_has_exactly_the_documented_fields(order):
    assert order.body() == {
        "recipient_email": "lena+badges@example.org",
        "issued_to_first_name": "Lena",
        "issued_to_last_name": "Lind",
        "badge_template_id": TEMPLATE,
        "issued_at": "2026-04-01 09:41:00 +0000",
        "issuer_earner_id": "earner-1",
        "locale": "en",
    }


def test_expiry_and_silence_are_said_only_when_wanted(order):
    noon = datetime(2027, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    more = IssueOrder(**vars(order) | {"expires_at": noon, "suppress_email": True}).body()
    assert more["expires_at"] == "2027-01-01 10:00:00 +0000"
    assert more["suppress_badge_notification_email"] is True


def test_a_moment_without_zone_is_a_mistake_of_ours(order):
    naive = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        IssueOrder(**vars(order) | {"issued_at": naive}).body()


NO_UUIDS = [
    TEMPLATE.replace("-", ""),
    f"{{{TEMPLATE}}}",
    f"urn:uuid:{TEMPLATE}",
    TEMPLATE[:-1],
    TEMPLATE + "0",
    TEMPLATE.replace("0", "g"),
    TEMPLATE.replace("0", "\u0660"),
    f" {TEMPLATE}",
    f"{TEMPLATE}\n",
    "00000000-0000-0000-0000-000000000000",
    "",
    None,
    7,
]


@pytest.mark.parametrize("text", NO_UUIDS, ids=ascii)
def test_only_the_canonical_form_is_a_uuid(text):
    assert not is_uuid(text)


def test_a_uuid_may_be_written_in_either_case():
    assert is_uuid(TEMPLATE)
    assert is_uuid(TEMPLATE.upper())
