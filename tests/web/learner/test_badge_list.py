"""The list of Lena's badges: narrowed, sorted, each with its one next step."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import AwardState, Certification, Delivery, DeliveryState, Held
from portal.services.learning import completions
from tests.factories import earn, make_badge, make_course, make_credly_badge

ACCEPT = "https://www.credly.com/badges/00000000-0000-4000-8000-000000000001/accept"


@pytest.fixture
def reader(browser, lena):
    """Lena's browser."""
    return browser.sign_in(lena)


@pytest.fixture
def knots(app):
    """A badge that Credly issues."""
    return make_credly_badge(app.extensions["means"], "Knots")


def test_the_list_is_narrowed_to_a_state_and_sorted_and_keeps_both(reader, lena, knots, app):
    earn(lena, knots, state="pending", accept_url=ACCEPT)
    earn(lena, make_badge("First aider"))
    page = reader.get("/learner/badges?state=to_accept&sort=name")
    assert "First aider" not in page
    assert "Accept it at Credly to make it yours." in page
    assert '<option value="to_accept" selected>' in page
    assert "state=earned&sort=name" in page
    assert "First aider" in reader.get("/learner/badges?state=nonsense&sort=nonsense&page=x")


def test_a_state_nothing_is_in_says_so_and_leads_back_to_all(reader, lena):
    earn(lena, make_badge("First aider"))
    page = reader.get("/learner/badges?state=revoked")
    assert "None of your badges fits" in page
    assert "Show all my badges" in page


def test_what_is_in_progress_shows_where_it_can_fit(reader, lena, now):
    course = make_course(lena, "Splicing for all", badge=make_badge("Splicer"))
    completions.enrol(learner=lena, learning_object=course, now=now)
    for query in ("", "?state=in_progress", "?q=splic"):
        assert "Not earned yet: complete Splicing for all." in reader.get(f"/learner/badges{query}")
    for query in ("?state=earned", "?q=knots"):
        assert "Splicing for all" not in reader.get(f"/learner/badges{query}")
    assert "None of your badges fits" in reader.get("/learner/badges?state=in_progress&q=knots")


def test_a_badge_held_for_its_name_has_the_profile_as_its_next_step(reader, lena, knots):
    earn(lena, knots)
    delivery = db.session.query(Delivery).one()
    delivery.state, delivery.held_because = DeliveryState.HELD, Held.NAME_NOT_USABLE
    db.session.commit()
    page = reader.get("/learner/badges")
    assert "Your name cannot stand on a badge" in page
    assert 'class="btn" href="/learner/profile"' in page


def test_an_expired_badge_of_a_certification_leads_to_its_renewal(reader, lena, now):
    yearly = Certification(title="Harbour safety", owners=[lena], state="published")
    db.session.add(yearly)
    award = earn(lena, make_badge("Safe"))
    db.session.flush()
    award.learning_object_id, award.expires_at = yearly.id, now - timedelta(days=1)
    db.session.commit()
    for place in (f"/learner/badges/{award.id}", "/learner/badges"):
        page = reader.get(place)
        assert "Renew the certification." in page
        assert f'href="/learner/certifications/{yearly.id}"' in page


def test_the_list_follows_a_badge_that_leaves_in_a_moment(reader, lena, knots):
    award = earn(lena, knots)
    url = reader.get("/learner/badges").partition('hx-get="')[2].partition('"')[0]
    ask = {"HX-Request": "true"}
    assert reader.client.get(url, headers=ask).status_code == 204
    award.issued_badge.state = "accepted"
    db.session.commit()
    page = reader.client.get(url, headers=ask).text
    assert "Accepted" in page
    assert "hx-get" not in page
    assert "shown=" not in page


def test_the_list_does_not_ask_again_for_what_waits_for_somebody(reader, lena, knots):
    earn(lena, knots)
    db.session.scalars(db.select(Delivery)).one().state = DeliveryState.NEEDS_PERSON
    db.session.commit()
    assert "hx-get" not in reader.get("/learner/badges")


def test_what_was_cancelled_on_its_way_promises_nothing_more(reader, lena, knots):
    award = earn(lena, knots)
    award.state = AwardState.CANCELLED
    db.session.commit()
    page = reader.get(f"/learner/badges/{award.id}")
    assert "Expires" not in page
    assert "(not yet)" not in page
    assert "Knots" not in reader.get("/learner/").partition("Newest badges")[2]
