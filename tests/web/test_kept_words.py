"""What pages keep from one request to the next is nobody's alone, and follows each reader."""

from datetime import UTC, datetime

from portal.extensions import db
from portal.services.running import portal_settings
from tests.factories import earn, make_badge, make_person
from tests.page import Browser


def somebody(name, language):
    person = make_person(name)
    person.locale = language
    award = earn(person, make_badge(f"Badge of {name.split()[0]}"))
    award.earned_at = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    db.session.commit()
    return person, award


def test_two_readers_in_turn_read_their_own_badges_in_their_own_language(app):
    anna, of_anna = somebody("Anna English", "en")
    sven, of_sven = somebody("Sven Svensk", "sv")
    in_english, in_swedish = Browser(app).sign_in(anna), Browser(app).sign_in(sven)
    for _again in range(2):
        page = in_english.get("/learner/badges")
        assert "Badge of Anna" in page
        assert f"/learner/badges/{of_anna.id}" in page
        assert "3 March 2026" in page
        assert "My badges" in page
        assert "Badge of Sven" not in page
        page = in_swedish.get("/learner/badges")
        assert "Badge of Sven" in page
        assert f"/learner/badges/{of_sven.id}" in page
        assert "3 mars 2026" in page
        assert "Mina märken" in page
        assert "Badge of Anna" not in page


def test_a_language_that_is_changed_shows_at_once(browser):
    anna, _award = somebody("Anna English", "en")
    browser.sign_in(anna)
    assert "3 March 2026" in browser.get("/learner/badges")
    browser.submit("/learner/profile", language="sv", theme="system", credly_profile="")
    assert "3 mars 2026" in browser.get("/learner/badges")


def test_a_time_zone_that_is_changed_shows_at_once(app, browser):
    anna, _award = somebody("Anna English", "en")
    browser.sign_in(anna)
    assert "3 March 2026" in browser.get("/learner/badges")
    means = app.extensions["means"]
    portal_settings.change(
        **{"name": "Rosette", "brand": means.known.now.brand, "time_zone": "Europe/Stockholm"},
        **{"logo": None, "without_logo": False, "means": means},
    )
    assert "4 March 2026" in browser.get("/learner/badges")


def test_a_portal_behind_a_folder_links_into_it(app, lena):
    award, browser = earn(lena, make_badge()), Browser(app).sign_in(lena)
    for root in ("", "/rosette", ""):
        answer = browser.client.get("/learner/badges", environ_overrides={"SCRIPT_NAME": root})
        page = answer.get_data(as_text=True)
        assert f'href="{root}/learner/badges/{award.id}"' in page
        assert f'href="{root}/learner/catalogue"' in page


def test_an_address_with_its_host_is_kept_for_no_other_host(app):
    address = app.jinja_env.globals["url_for"]
    for host in ("one.example", "two.example"):
        with app.test_request_context(base_url=f"http://{host}"):
            assert address("learner.home.index", _external=True) == f"http://{host}/learner/"
