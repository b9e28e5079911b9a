"""What a learner has earned, and what they can do with it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from portal.extensions import db
from portal.models import Certification, Delivery, DeliveryState, Held
from tests.factories import earn, make_badge, make_credly_badge, make_person

PAGE = "https://www.credly.com/badges/00000000-0000-4000-8000-000000000001"
ACCEPT = f"{PAGE}/accept"


@pytest.fixture
def reader(browser, lena):
    """Lena's browser."""
    return browser.sign_in(lena)


@pytest.fixture
def knots(app):
    """A badge that Credly issues."""
    return make_credly_badge(app.extensions["means"], "Knots", skills=["Rope work"])


def at(award) -> str:
    return f"/learner/badges/{award.id}"


def test_no_badge_yet_leads_to_the_catalogue(reader):
    page = reader.get("/learner/badges")
    assert "<h1>My badges</h1>" in page
    assert "Find a course" in page
    assert "https://www.credly.com/" in page


def test_the_list_offers_what_fits_the_state(reader, lena, knots, app):
    earn(lena, knots, state="pending", accept_url=ACCEPT)
    other = make_credly_badge(app.extensions["means"], "Sails")
    earn(lena, other, state="accepted", badge_url=PAGE)
    page = reader.get("/learner/badges")
    for words in ("Accept on Credly", "View on Credly", "#share", "waiting for you to accept"):
        assert words in page


def test_the_list_is_searched(reader, lena):
    earn(lena, make_badge("Rope badge"))
    earn(lena, make_badge("Sail badge"))
    assert "Sail badge" not in reader.get("/learner/badges?q=rope")


def test_somebody_elses_badge_does_not_exist(reader, knots):
    award = earn(make_person(), knots)
    reader.get(at(award), expect=404)
    reader.post(f"{at(award)}/check", page="/learner/profile", expect=404)


def test_a_badge_on_its_way_says_so_and_asks_again_by_itself(reader, lena, knots):
    page = reader.get(at(earn(lena, knots)))
    assert "On its way to Credly" in page
    assert 'hx-trigger="every 2s"' in page
    assert "The way to Knots" in page
    assert "Rope work" in page


def test_an_unchanged_badge_leaves_the_open_page_alone(reader, lena, knots):
    award = earn(lena, knots)
    url = reader.get(at(award)).partition('hx-get="')[2].partition('"')[0]
    ask = {"HX-Request": "true"}
    assert reader.client.get(url, headers=ask).status_code == 204
    award.issued_badge.state = "pending"
    db.session.commit()
    assert "waiting for you to accept" in reader.client.get(url, headers=ask).text
    assert reader.get(url).status == 200


def test_an_accepted_badge_asks_no_more(reader, lena, knots):
    page = reader.get(at(earn(lena, knots, state="accepted", badge_url=PAGE)))
    assert "hx-get" not in page
    assert 'aria-current="step"' in page


def test_a_name_that_cannot_stand_on_a_badge_is_told_to_its_owner(reader, lena, knots):
    award = earn(lena, knots)
    delivery = db.session.query(Delivery).one()
    delivery.state, delivery.held_because = DeliveryState.HELD, Held.NAME_NOT_USABLE
    db.session.commit()
    assert "Write your first and last name in your profile" in reader.get(at(award))


def test_who_sends_nothing_to_credly_is_led_to_where_that_is_chosen(reader, lena, knots, now):
    award, lena.opted_out_at = earn(lena, knots), now
    delivery = db.session.query(Delivery).one()
    delivery.state, delivery.held_because = DeliveryState.HELD, Held.OPTED_OUT
    db.session.commit()
    page = reader.get(at(award))
    assert "so this one stays here" in page
    assert 'href="/learner/privacy"' in page
    assert "as soon as Credly has issued it" not in page
    assert "Turn it on, and you can share it." in page


def test_what_needs_an_administrator_asks_nothing_of_the_learner(reader, lena, knots):
    award = earn(lena, knots)
    db.session.query(Delivery).one().state = DeliveryState.NEEDS_PERSON
    db.session.commit()
    page = reader.get(at(award))
    assert "On its way to Credly" in page
    assert "you need not do anything" in page


def test_check_now_has_the_badge_read_soon(reader, lena, knots):
    award = earn(lena, knots, state="pending", accept_url=ACCEPT)
    reader.post(f"{at(award)}/check", page=at(award))
    assert award.issued_badge.due <= datetime.now(UTC)


def test_a_pending_badge_is_accepted_before_it_is_shared(reader, lena, knots):
    page = reader.get(at(earn(lena, knots, state="pending", accept_url=ACCEPT)))
    assert f'href="{ACCEPT}" target="_blank" rel="noopener noreferrer"' in page
    assert "accept the badge at Credly. Then you can share it here" in page
    assert "Add to LinkedIn profile" not in page


def test_an_accepted_badge_is_shared_everywhere(reader, lena, knots, now):
    ends = datetime(2031, 5, 3, 12, tzinfo=UTC)
    award = earn(lena, knots, state="accepted", badge_url=PAGE, expires_at=ends)
    page = reader.get(at(award))
    assert "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME" in page
    assert f"issueYear={now.year}&issueMonth={now.month}&" in page
    assert "expirationYear=2031&expirationMonth=5" in page
    for start in ("share-offsite/?url=", "sharer.php?u=", "url="):
        assert start + quote(PAGE, safe="") in page
    assert 'href="mailto:?subject=My%20badge' in page
    assert f'data-copy-text="{PAGE}"' in page


def test_linkedins_fields_stand_in_its_order(reader, lena, knots):
    page = reader.get(at(earn(lena, knots, state="accepted", badge_url=PAGE)))
    labels = ("Name", "Issuing organization", "Issue date", "Expiration date", "Credential ID")
    places = [page.index(f"<dt>{label}</dt>") for label in (*labels, "Credential URL")]
    assert places == sorted(places)
    assert "it does not expire" in page


def test_a_private_badge_says_how_to_show_it(reader, lena, knots):
    page = reader.get(at(earn(lena, knots, state="accepted", badge_url=PAGE, public=False)))
    assert "Make it public there" in page
    assert "linkedin.com" not in page


@pytest.mark.parametrize("state", ["rejected", "revoked", "a-new-word"])
def test_other_ends_are_said_and_nothing_is_shared(reader, lena, knots, state):
    page = reader.get(at(earn(lena, knots, state=state)))
    assert "linkedin.com" not in page


def test_an_expired_badge_says_expired(reader, lena, knots, now):
    past = now - timedelta(days=1)
    award = earn(lena, knots, state="accepted", badge_url=PAGE, expires_at=past)
    assert "Expired" in reader.get(at(award))


def test_a_badge_that_was_never_accepted_says_when_it_is_over(reader, lena, knots, now):
    past, words = now - timedelta(days=1), "It is past its last day."
    award = earn(lena, knots, state="pending", accept_url=ACCEPT, expires_at=past)
    page = reader.get(at(award))
    assert words in page
    assert "Accept on Credly" in page
    award.issued_badge.expires_at = now + timedelta(days=1)
    db.session.commit()
    assert words not in reader.get(at(award))


def test_a_badge_that_credly_lost_is_not_offered_there(reader, lena, knots, now):
    award = earn(lena, knots, state="accepted", badge_url=PAGE, gone_at=now)
    page = reader.get(at(award))
    assert "No longer at Credly" in page
    assert PAGE not in page


def test_the_profile_is_opened_once_credly_told_it(reader, lena, knots):
    profile = "https://www.credly.com/users/lena-learner"
    earn(lena, knots, state="accepted", badge_url=PAGE, profile_url=profile)
    page = reader.get("/learner/badges")
    assert f'href="{profile}"' in page
    assert "appears once you have accepted" not in page


@pytest.mark.parametrize(("locale", "told"), [("sv", True), ("de", False), (None, False)])
def test_credlys_english_mail_is_announced(reader, lena, knots, locale, told):
    lena.locale = locale
    award = earn(lena, knots)
    page = reader.get(at(award))
    assert ("its mail comes in English" in page or "kommer på engelska" in page) is told


def test_scripts_in_a_name_stay_words(reader, lena, app):
    bad = make_credly_badge(app.extensions["means"], "<script>alert(1)</script>")
    award = earn(lena, bad, state="accepted", badge_url=PAGE)
    assert "<script>alert" not in reader.client.get(at(award)).text


@pytest.mark.parametrize(("days", "words"), [(30, "Expires "), (-1, "Expired")])
def test_a_badge_of_the_portal_alone_ends_as_well(reader, lena, days, words):
    award = earn(lena, make_badge("First aider"))
    award.expires_at = datetime.now(UTC) + timedelta(days=days)
    db.session.commit()
    assert words in reader.get("/learner/badges")
    assert words in reader.get(at(award))


def test_a_badge_of_a_certification_leads_back_to_it(reader, lena, now):
    yearly = Certification(title="Harbour safety", owners=[lena], state="published")
    db.session.add(yearly)
    award = earn(lena, make_badge("Safe"))
    db.session.flush()
    award.learning_object_id = yearly.id
    db.session.commit()
    page = reader.get(at(award))
    assert "Renew the certification." not in page
    assert "You earned it by completing this certification:" in page
    assert f'href="/learner/certifications/{yearly.id}">Harbour safety' in page


def test_a_badge_of_the_portal_alone_is_shared_with_the_portal_as_its_issuer(reader, lena):
    award = earn(lena, make_badge("First aider"))
    reader.post(f"{at(award)}/public/on", page=f"{at(award)}/public")
    page = reader.get(at(award))
    assert "&organizationName=Rosette&" in page
    assert "organizationId" not in page
    assert "<span>Rosette</span>" in page
