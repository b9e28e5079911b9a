"""The front door, and the word for whoever watches the portal."""

from datetime import timedelta
from io import BytesIO

from PIL import Image

from portal.clock import utc_now
from portal.extensions import db
from portal.meters import Meter
from portal.services.liveness import leave_sign


def test_a_stranger_is_led_to_the_setup_while_nobody_runs_the_portal(browser):
    assert browser.get("/", expect=302).location == "/setup"


def test_a_stranger_is_led_to_the_sign_in(browser, ada):
    assert browser.get("/", expect=302).location == "/login"


def test_the_health_page_is_red_while_nobody_works(browser):
    assert browser.get("/health", expect=503) == "red\n"


def test_the_health_page_says_ok_while_an_engine_works(browser, now):
    leave_sign(Meter(), now)
    assert browser.get("/health") == "ok\n"


def test_the_health_page_turns_red_when_the_queue_ages(browser, world):
    world.complete()
    leave_sign(Meter(), utc_now())
    assert browser.get("/health") == "ok\n"
    world.delivery_of(world.lena).due = world.now - timedelta(minutes=20)
    db.session.commit()
    assert browser.get("/health", expect=503) == "red\n"


def test_the_portal_is_installed_under_its_own_name_with_its_icons(app, browser):
    told = browser.client.get("/manifest.webmanifest")
    assert told.content_type == "application/manifest+json"
    assert told.json["name"] == "Rosette"
    for icon in told.json["icons"]:
        with browser.client.get(icon["src"]) as answer:
            picture = Image.open(BytesIO(answer.data))
        assert icon["sizes"] == f"{picture.width}x{picture.height}"
