"""Guesses at the same moment: each counts, so sending them at once gains nobody anything."""

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import SignInBrake
from portal.services.people import brake
from tests.rivals import Rival

LENA, HOME = "lena@example.org", "192.0.2.1"


def fail(now):
    brake.note_failure(LENA, HOME, now)
    db.session.commit()


def guess(now, free=5):
    brake.slow_down("guess", LENA, free=free, now=now)


def failures() -> list[int]:
    db.session.rollback()
    return [row.failures for row in db.session.query(SignInBrake)]


@pytest.mark.parametrize("before", [0, 3])
def test_two_wrong_passwords_at_once_are_two(app, now, before):
    for _time in range(before):
        fail(now)
    brake.note_failure(LENA, HOME, now)
    rival = Rival(app, lambda: fail(now))
    rival.begin()
    db.session.commit()
    assert rival.end() is None
    assert failures() == [before + 2] * 3  # by pair, by address, by account


def test_the_right_password_in_two_windows_is_no_trouble(app, now):
    def come_in():
        brake.note_success(LENA, HOME, now)
        db.session.commit()

    brake.note_success(LENA, HOME, now)
    rival = Rival(app, come_in)
    rival.begin()
    db.session.commit()
    assert rival.end() is None
    assert failures() == [0]


def test_a_guess_that_waited_for_another_is_refused_if_that_was_the_last_free_one(app, now):
    guess(now, free=2)
    brake._held([brake._hashed("guess", LENA)], now)  # as a guess that is about to be counted
    rival = Rival(app, lambda: guess(now, free=2))
    rival.begin()
    guess(now, free=2)
    refused = rival.end()
    assert isinstance(refused, RuleBroken)
    assert refused.message.code == "sign_in_slow_down"
    assert failures() == [2]
