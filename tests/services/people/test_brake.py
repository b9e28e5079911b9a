"""The brake on sign-in attempts."""

from datetime import timedelta

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import SignInBrake
from portal.services.people import brake
from portal.services.people.sign_in import sign_in
from tests.factories import PASSWORD, with_password
from tests.waits import stretch_waits

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def fail(email, address, now, times=1):
    for _time in range(times):
        brake.note_failure(email, address, now)
    db.session.commit()


def test_a_few_mistakes_cost_nothing(app, now):
    fail("lena@example.org", HOME, now, 4)
    assert brake.seconds_to_wait("lena@example.org", HOME, now) == 0


def test_waits_grow_and_stop_growing(app, now):
    waits = []
    for _failure in range(20):
        fail("lena@example.org", HOME, now)
        waits.append(brake.seconds_to_wait("lena@example.org", HOME, now))
    assert waits[:4] == [0, 0, 0, 0]
    assert waits == sorted(waits)
    assert waits[-1] == brake.LONGEST


def test_after_the_wait_one_may_try_again(app, now):
    fail("lena@example.org", HOME, now, 6)
    later = now + timedelta(seconds=brake.seconds_to_wait("lena@example.org", HOME, now))
    assert brake.seconds_to_wait("lena@example.org", HOME, later) == 0


def test_strangers_cannot_lock_lena_out_of_where_she_is_at_home(app, lena, now):
    with_password(lena)
    sign_in(email=lena.email, password=PASSWORD, address=HOME, now=now)
    for number in range(30):
        fail(lena.email, f"198.51.100.{number}", now)
    assert brake.seconds_to_wait(lena.email, ELSEWHERE, now) > 0
    assert sign_in(email=lena.email, password=PASSWORD, address=HOME, now=now) is lena


def test_one_address_that_tries_many_accounts_is_slowed_down(app, now):
    for number in range(20):
        fail(f"somebody{number}@example.org", HOME, now)
    assert brake.seconds_to_wait("lena@example.org", HOME, now) > 0
    assert brake.seconds_to_wait("lena@example.org", ELSEWHERE, now) == 0


def test_the_right_password_forgets_the_failures(app, lena, now):
    with_password(lena)
    fail(lena.email, HOME, now, 4)
    sign_in(email=lena.email, password=PASSWORD, address=HOME, now=now)
    fail(lena.email, HOME, now, 4)
    assert brake.seconds_to_wait(lena.email, HOME, now) == 0


def test_a_wait_is_said_with_its_seconds(app, lena, now):
    fail(lena.email, HOME, now, 6)
    with pytest.raises(RuleBroken) as refusal:
        sign_in(email=lena.email.upper(), password=PASSWORD, address=HOME, now=now)
    assert refusal.value.message.values["seconds"] > 0


def test_no_address_is_kept_in_clear(app, now):
    fail("lena@example.org", HOME, now)
    kept = " ".join(row.key for row in db.session.query(SignInBrake))
    assert "lena" not in kept
    assert HOME not in kept


def test_old_counters_are_swept_away(app, now):
    fail("lena@example.org", HOME, now - timedelta(days=31))
    brake.sweep(now)
    assert not db.session.query(SignInBrake).count()


def test_the_addresses_of_one_ipv6_line_count_as_one(app, browser, ada):
    """Whoever has a line has 2^64 of them, and could take a new one for each guess."""
    token = browser.token_of("/login")
    for number in range(20):
        said = {"csrf_token": token, "email": f"x{number}@example.org", "password": "wrong guess"}
        remote = {"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"}
        assert browser.client.post("/login", data=said, environ_base=remote).status_code == 200
    stretch_waits()
    tried = (("2001:db8:1:2:ffff::1", 429), ("2001:db8:1:3::1", 200), ("::ffff:192.0.2.9", 200))
    for remote, wanted in tried:
        answer = browser.client.post("/login", data=said, environ_base={"REMOTE_ADDR": remote})
        assert answer.status_code == wanted, remote


def test_ipv4_written_as_ipv6_is_the_same_line_as_without(app, browser, ada):
    token = browser.token_of("/login")
    for number in range(20):
        said = {"csrf_token": token, "email": f"x{number}@example.org", "password": "wrong guess"}
        remote = {"REMOTE_ADDR": "::ffff:192.0.2.1"}
        browser.client.post("/login", data=said, environ_base=remote)
    stretch_waits()
    for remote, wanted in (("192.0.2.1", 429), ("::ffff:192.0.2.2", 200), ("", 200)):
        answer = browser.client.post("/login", data=said, environ_base={"REMOTE_ADDR": remote})
        assert answer.status_code == wanted, remote
