"""Passwords: Argon2id, length and an offline list of common ones; no rules of composition."""

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.errors import RuleBroken
from portal.later import later
from portal.messages import say

zxcvbn = later("zxcvbn")  # its lists take 12 MiB

LEAST, MOST = 12, 1000
# 19 MiB, 2 passes: about 30 ms here, and what ASVS 11.4.2 asks for.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_LOOKED_AT = 72  # the estimate is slow on long texts, and these are strong anyway
_OUR_WORDS = ("rosette", "credly", "badge", "portal")


def hash_password(password: str) -> str:
    """Return what is stored of a password."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Say whether `password` is the stored one. Takes as long when nothing is stored."""
    if len(password) > MOST:
        return False
    try:
        _hasher.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _nobody() -> str:
    """Return what is verified without an account: it takes as long as with one."""
    return _hasher.hash("nobody has this password")


def needs_new_hash(stored: str) -> bool:
    """Say whether the stored hash was made with weaker figures than today's."""
    return _hasher.check_needs_rehash(stored)


def check_password(password: str, *, known_words: tuple[str, ...], field: str) -> None:
    """Raise RuleBroken unless people may use this password. Counts characters as typed."""
    if len(password) < LEAST:
        raise RuleBroken(say("password_too_short", least=LEAST), field)
    if len(password) > MOST:
        raise RuleBroken(say("password_too_long", most=MOST), field)
    words = [word.lower() for word in (*_OUR_WORDS, *known_words) if len(word) > 2]
    if _is_common(password[:_LOOKED_AT], words):
        raise RuleBroken(say("password_too_common"), field)


def _is_common(password: str, words: list[str]) -> bool:
    rest = password.lower()
    for word in words:
        rest = rest.replace(word, "")
    if len(re.sub(r"[\W\d_]", "", rest)) < 4 and rest != password.lower():
        return True
    return zxcvbn.zxcvbn(password, user_inputs=words)["score"] < 2
