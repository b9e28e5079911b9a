"""The front door."""


def test_a_stranger_is_led_to_the_setup_while_nobody_runs_the_portal(browser):
    assert browser.get("/", expect=302).location == "/setup"


def test_a_stranger_is_led_to_the_sign_in(browser, ada):
    assert browser.get("/", expect=302).location == "/login"


def test_the_health_page_says_ok(browser):
    assert browser.get("/health") == "ok\n"
