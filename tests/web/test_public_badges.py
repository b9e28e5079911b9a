"""The public page of a badge: off at first, then for whoever has its address."""

import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from portal.extensions import db
from portal.models import AwardState, PublicPage
from portal.services.issuing import public_pages
from tests.factories import earn, make_badge, make_connection, make_person, make_template
from tests.page import Browser

LISTED = re.compile(r'href="/learner/badges/\d+/public">(\w+)</a>( <span)?')
CREDLY = "https://www.credly.com/badges/00000000-0000-4000-8000-000000000001"


@pytest.fixture
def award(app, lena):
    template = make_template(
        make_connection(app.extensions["means"]),
        "Knots",
        description="Ties what must hold.",
        criteria=["Ten knots"],
        skills=["Rope work"],
    )
    return earn(lena, make_badge(template=template))


@pytest.fixture
def stranger(app):
    return Browser(app)


def path(page: PublicPage) -> str:
    return f"/b/{page.key}"


def test_nobody_sees_anything_until_the_learner_turns_it_on(browser, stranger, lena, award):
    browser.sign_in(lena)
    own = f"/learner/badges/{award.id}/public"
    assert "nobody can see it" in browser.get(own)
    assert db.session.scalar(db.select(PublicPage)) is None
    browser.post(f"{own}/on", page=own)
    page = public_pages.of_award(award)
    assert re.fullmatch(r"[0-9a-f]{32}", page.key)
    seen = stranger.get(path(page))
    for words in ("Knots", "Lena Learner", "Harbour Institute", "Ten knots", "Rope work", "Valid"):
        assert words in seen
    assert lena.email not in seen
    browser.post(f"{own}/off", page=own)
    stranger.get(path(page), expect=404)
    stranger.get(f"{path(page)}/card.png", expect=404)


def test_its_address_stays_the_same_when_it_is_turned_on_again(award, now):
    first = public_pages.turn_on(award=award, now=now).key
    public_pages.turn_off(award=award)
    assert public_pages.turn_on(award=award, now=now).key == first


def test_search_engines_are_kept_away_until_the_learner_says_otherwise(
    browser, stranger, lena, award, now
):
    page = public_pages.turn_on(award=award, now=now)
    seen = stranger.get(path(page))
    assert "noindex" in seen.headers["X-Robots-Tag"]
    assert 'name="robots" content="noindex' in seen
    own = f"/learner/badges/{award.id}/public"
    browser.sign_in(lena).post(f"{own}/found", page=own, indexed="yes")
    seen = stranger.get(path(page))
    assert "X-Robots-Tag" not in seen.headers
    assert "noindex" not in seen


def test_a_guessed_address_and_an_odd_one_are_not_found(stranger, ada):
    for key in ("0" * 32, "x", "%00", "..%2f", "a" * 5000):
        stranger.get(f"/b/{key}", expect=404)


def test_an_erased_learner_leaves_a_page_that_is_gone(stranger, award, now):
    page = public_pages.turn_on(award=award, now=now)
    page.erased_at = now
    db.session.commit()
    assert "gone for good" in stranger.get(path(page), expect=410)


def test_a_revoked_badge_says_so_and_a_cancelled_one_is_not_shown(stranger, award, now):
    page = public_pages.turn_on(award=award, now=now)
    award.state = AwardState.REVOKED
    db.session.commit()
    assert "Revoked" in stranger.get(path(page))
    award.state = AwardState.CANCELLED
    db.session.commit()
    stranger.get(path(page), expect=404)


def test_an_expired_badge_says_so(stranger, award, now):
    page = public_pages.turn_on(award=award, now=now)
    award.issued_badge.expires_at = now - timedelta(days=1)
    db.session.commit()
    assert "Expired" in stranger.get(path(page))


def test_networks_and_machines_read_the_badge(stranger, award, now):
    award.badge.own_name = '</script><script>alert("x")</script>'
    db.session.commit()
    page = public_pages.turn_on(award=award, now=now)
    seen = stranger.client.get(path(page)).get_data(as_text=True)
    assert "<script>alert" not in seen
    said = json.loads(re.search(r'ld\+json">(.*?)</script>', seen)[1])
    assert said["name"] == award.badge.name
    assert said["recognizedBy"]["name"] == "Harbour Institute"
    card = re.search(r'property="og:image" content="([^"]+)"', seen)[1]
    assert card.endswith(f"{path(page)}/card.png")


@pytest.mark.parametrize("name", ["Knots", "Å" * 200, "Ett mycket långt namn " * 11, "W"])
def test_the_card_has_the_size_that_networks_show(stranger, award, now, name):
    award.badge.own_name = name
    db.session.commit()
    page = public_pages.turn_on(award=award, now=now)
    answer = stranger.client.get(f"{path(page)}/card.png")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    with Image.open(BytesIO(answer.data)) as card:
        assert (card.format, card.size) == ("PNG", (1200, 630))


def test_the_learner_sees_the_card_beforehand(browser, lena, award):
    answer = browser.sign_in(lena).client.get(f"/learner/badges/{award.id}/card.png")
    assert answer.content_type == "image/png"
    browser.sign_in(make_person()).get(f"/learner/badges/{award.id}/card.png", expect=404)


def test_a_badge_of_the_portal_alone_is_shared_by_its_public_page(browser, lena, now):
    award = earn(lena, make_badge("Volunteer"))
    browser.sign_in(lena)
    at = f"/learner/badges/{award.id}"
    assert "Turn on the public page" in browser.get(at)
    page = public_pages.turn_on(award=award, now=now)
    seen = browser.get(at)
    assert "Add to LinkedIn profile" in seen
    assert path(page) in seen


def test_credlys_own_page_is_shared_once_it_is_there(browser, lena, app, now):
    badge = make_badge(template=make_template(make_connection(app.extensions["means"])))
    award = earn(lena, badge, state="accepted", badge_url=CREDLY, public=True)
    page = public_pages.turn_on(award=award, now=now)
    seen = browser.sign_in(lena).get(f"/learner/badges/{award.id}")
    assert f'data-copy-text="{CREDLY}"' in seen
    assert f'data-copy-text="http://localhost{path(page)}"' not in seen
    assert CREDLY in Browser(app).get(path(page))


def test_a_code_for_paper_leads_to_the_page(browser, stranger, lena, award, now):
    own = f"/learner/badges/{award.id}/public"
    assert browser.sign_in(lena).client.get(f"{own}/qr.png").status_code == 404
    page = public_pages.turn_on(award=award, now=now)
    assert "Download the QR code" in browser.get(own)
    answer = browser.client.get(f"{own}/qr.png")
    assert Image.open(BytesIO(answer.data)).size[0] > 500
    assert f"stands at http://127.0.0.1:5000/b/{page.key}" in stranger.get(path(page))


def test_a_snippet_shows_the_card_elsewhere_whatever_the_badge_is_called(browser, lena, now):
    page = public_pages.turn_on(award=earn(lena, make_badge('"><script>')), now=now)
    html = browser.sign_in(lena).client.get(f"/learner/badges/{page.award_id}/public").text
    snippet = unescape(re.search(r'class="public-snippet"[^>]*><code>(.*?)</code>', html)[1])
    assert snippet.startswith(f'<a href="http://127.0.0.1:5000/b/{page.key}"><img src="http')
    assert "<script>" not in snippet


def test_what_is_public_of_lena_is_listed_and_nothing_else(browser, lena, now):
    at_home = browser.sign_in(lena)
    assert "none of your badges has a public page" in at_home.get("/learner/profile")
    badges = {name: earn(lena, make_badge(name)) for name in ("Knots", "Ropes", "Tides", "Stars")}
    for award in (*badges.values(), earn(make_person(), make_badge("Charts"))):
        public_pages.turn_on(award=award, now=now)
    public_pages.let_be_found(award=badges["Knots"], indexed=True)
    public_pages.turn_off(award=badges["Tides"])
    badges["Stars"].state = AwardState.CANCELLED
    db.session.commit()
    page = at_home.get("/learner/profile")
    assert LISTED.findall(page) == [("Ropes", ""), ("Knots", " <span")]
    assert "Search engines may find it" in page
    assert "These are the newest" not in page


def test_of_many_public_pages_the_newest_are_listed(browser, lena, now):
    for number in range(21):
        award = earn(lena, make_badge(f"Badge{number}"))
        db.session.add(PublicPage(award_id=award.id, key=f"{number:032}", created_at=now))
    db.session.commit()
    page = browser.sign_in(lena).get("/learner/profile")
    names = [name for name, _mark in LISTED.findall(page)]
    assert names == [f"Badge{number}" for number in range(20, 0, -1)]
    assert "These are the newest 20." in page
