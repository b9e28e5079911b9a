"""Which passwords may be used, and how they are kept."""

import time

import pytest
from argon2 import PasswordHasher
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.errors import RuleBroken
from portal.extensions import db
from portal.services.people import passwords
from portal.services.people.sign_in import sign_in
from tests.factories import PASSWORD, with_password


def check(password):
    passwords.check_password(password, known_words=("lena.learner",), field="password")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password_too_short"),
        ("only eleven", "password_too_short"),
        ("🦆" * 11, "password_too_short"),
        ("x" * 1001, "password_too_long"),
        ("x" * 1_000_000, "password_too_long"),
        ("password1234", "password_too_common"),
        ("aaaaaaaaaaaa", "password_too_common"),
        ("123456789012", "password_too_common"),
        ("lena.learner1", "password_too_common"),
        ("Rosette-2026!", "password_too_common"),
    ],
)
def test_what_is_easy_to_guess_is_refused(password, code):
    with pytest.raises(RuleBroken) as refusal:
        check(password)
    assert refusal.value.message.code == code


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        " leading and trailing ",
        "gråa måsar över ån",
        "🦆🦢🦩🐓🦃🦚🦜🐧🦉🦅🐦🪿",
        "wide\0apart and odd",
        "tern heron gull " * 62,
    ],
)
def test_anything_else_may_be_used_as_typed(password):
    check(password)
    assert passwords.matches(passwords.hash_password(password), password)
    assert not passwords.matches(passwords.hash_password(password), password.strip() + ".")


def test_every_sign_counts_also_far_behind(app):
    long = "tern heron gull " * 10
    stored = passwords.hash_password(long + "a")
    assert not passwords.matches(stored, long + "b")


def test_no_sign_is_as_good_as_another():
    stored = passwords.hash_password("a\0bcdefghijkl")
    assert not passwords.matches(stored, "a\0bcdefghijkm")


def test_the_hash_has_the_figures_that_were_decided():
    stored = passwords.hash_password(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_a_weaker_hash_is_renewed_at_the_next_sign_in(app, lena, now):
    with_password(lena).password_hash = PasswordHasher(
        time_cost=1, memory_cost=8 * 1024, parallelism=1
    ).hash(PASSWORD)
    db.session.commit()
    sign_in(email=lena.email, password=PASSWORD, address="192.0.2.1", now=now)
    assert "m=19456,t=2" in lena.password_hash


def cost(stored: str | None, guess: str = "something else entirely") -> float:
    """The work of this thread alone for a wrong password, in seconds."""
    begun = time.thread_time()
    assert not passwords.matches(stored, guess)
    return time.thread_time() - begun


def test_no_account_takes_as_long_as_a_wrong_password():
    stored = passwords.hash_password(PASSWORD)

    def alike():
        nobody, somebody = (min(cost(kept) for _try in range(5)) for kept in (None, stored))
        return 0.4 < nobody / somebody < 2.5

    assert any(alike() for _look in range(10))  # the machine has other work, too


def test_a_huge_password_is_never_hashed():
    stored = passwords.hash_password(PASSWORD)
    assert any(
        cost(stored, "x" * 1_000_000) < cost(stored, "something else") / 5 for _look in range(10)
    )


def test_common_passwords_are_refused():
    """Every fortieth of those that are long enough, out of a list that comes with us."""
    known = [one for one in FREQUENCY_LISTS["passwords"] if len(one) >= passwords.LEAST]
    assert len(FREQUENCY_LISTS["passwords"]) > 3000
    for password in known[:: max(1, len(known) // 50)]:
        with pytest.raises(RuleBroken):
            check(password)
