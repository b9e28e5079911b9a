"""The way out for strangers; that a session really ends is in test_sessions."""


def test_a_stranger_who_signs_out_comes_to_the_sign_in(browser, ada):
    assert browser.post("/logout", page="/login").location == "/login"


def test_without_a_token_lena_stays(browser, lena):
    browser.sign_in(lena)
    browser.send("/logout", expect=400)
    browser.get("/learner/profile")
