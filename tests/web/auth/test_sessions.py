"""Sessions: how long they last, what ends them, and that an ended one stays ended."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import SignInSession
from portal.services.people import people, sessions
from tests.factories import PASSWORD, with_password


def make_older(*, seen: timedelta = timedelta(), begun: timedelta = timedelta()) -> None:
    row = db.session.query(SignInSession).one()
    row.last_seen_at -= seen
    row.created_at -= begun
    db.session.commit()


def cookie(browser):
    return browser.client.get_cookie("session").value


def test_signing_out_ends_the_session_on_the_server(browser, ada, lena):
    old = cookie(browser.sign_in(lena))
    answer = browser.post("/logout", page="/learner/profile")
    assert answer.location == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cookies", "storage", "cache"'
    assert not db.session.query(SignInSession).count()
    browser.client.set_cookie("session", old, domain="localhost")
    assert browser.get("/learner/profile", expect=302).location == "/login"


def test_signing_out_twice_is_no_trouble(browser, ada, lena):
    token = browser.sign_in(lena).token_of("/learner/profile")
    browser.post("/logout", page="/learner/profile")
    browser.send("/logout", expect=400, csrf_token=token)
    assert browser.post("/logout", page="/login").location == "/login"


def test_nobody_is_signed_out_by_a_link(browser, lena):
    browser.sign_in(lena).get("/logout", expect=405)
    browser.get("/learner/profile")


@pytest.mark.parametrize("minutes", [31, 600])
def test_an_administrator_who_is_away_is_signed_out(browser, ada, minutes):
    browser.sign_in(ada)
    make_older(seen=timedelta(minutes=minutes))
    assert browser.get("/admin/people", expect=302).location == "/login"


def test_an_administrator_who_is_busy_stays_for_half_a_day_at_most(browser, ada):
    browser.sign_in(ada)
    make_older(seen=timedelta(minutes=29), begun=timedelta(hours=11, minutes=59))
    browser.get("/admin/people")
    make_older(begun=timedelta(minutes=2))
    browser.get("/admin/people", expect=302)


def test_a_learner_may_be_away_for_a_day(browser, ada, lena):
    browser.sign_in(lena)
    make_older(seen=timedelta(hours=23), begun=timedelta(days=13))
    browser.get("/learner/profile")
    make_older(seen=timedelta(hours=25))
    browser.get("/learner/profile", expect=302)


def test_a_learner_signs_in_again_after_two_weeks(browser, ada, lena):
    browser.sign_in(lena)
    make_older(begun=timedelta(days=14, minutes=1))
    browser.get("/learner/profile", expect=302)


def test_being_there_counts_and_is_noted_once_a_minute(browser, lena):
    browser.sign_in(lena)
    make_older(seen=timedelta(minutes=5))
    before = db.session.query(SignInSession).one().last_seen_at
    browser.get("/learner/profile")
    noted = db.session.query(SignInSession).one().last_seen_at
    assert noted - before >= timedelta(minutes=5)
    browser.get("/learner/profile")
    assert db.session.query(SignInSession).one().last_seen_at == noted


def test_who_is_switched_off_is_out_at_once(browser, ada, lena):
    browser.sign_in(lena).get("/learner/profile")
    people.deactivate(actor=ada, person=lena)
    assert browser.get("/learner/profile", expect=302).location == "/login"


def test_even_a_session_that_was_left_over_does_not_open_for_who_is_switched_off(
    browser, ada, lena
):
    browser.sign_in(lena)
    lena.active = False
    db.session.commit()
    browser.get("/learner/profile", expect=302)


@pytest.mark.parametrize("odd", ["~", "~x", "~" + "a" * 3000, "~é\x80", "~../../x", "~ %00", "x.y"])
def test_odd_ids_are_strangers(browser, ada, odd):
    browser.client.set_cookie("session", odd, domain="localhost")
    assert browser.get("/learner/profile", expect=302).location == "/login"


def test_raw_bytes_in_the_cookie_are_a_stranger(browser, ada):
    answer = browser.client.get(
        "/login", environ_overrides={"HTTP_COOKIE": "session=~\xff\xed\xa0"}
    )
    assert answer.status_code == 200


def test_the_id_itself_is_stored_nowhere(browser, ada, lena, app):
    with_password(lena)
    browser.submit("/login", email=lena.email, password=PASSWORD)
    secret = cookie(browser).removeprefix("~")
    assert sessions.find(secret, lena.created_at)
    rows = [str(vars(row)) for row in db.session.query(SignInSession)]
    assert secret not in " ".join(rows)
