"""The brake on attempts. At sign-in: by account and address together, by address, by account.

An account that strangers hammer stays open for the addresses its owner has signed in from,
so nobody can lock another person out.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import SignInBrake

FORGET_AFTER = timedelta(hours=24)
LONGEST = 900  # seconds
# How many failures each counter lets pass before it begins to wait.
FREE = {"pair": 5, "address": 20, "account": 20}


def seconds_to_wait(email: str, address: str, now: datetime) -> int:
    """Return how long this account or address must still wait; 0 when it may try."""
    keys = _keys(email, address)
    rows = _rows([*keys.values(), _known(email, address)])
    known = rows.pop(_known(email, address), None)
    if known:
        rows.pop(keys["account"], None)
    waits = [(row.closed_until - now).total_seconds() for row in rows.values()]
    return max(0, *(int(wait + 0.999) for wait in waits)) if waits else 0


def note_failure(email: str, address: str, now: datetime) -> None:
    """Count a failed attempt. The caller commits."""
    keys = _keys(email, address)
    rows = _rows(list(keys.values()))
    for name, key in keys.items():
        _count(rows.get(key), key, FREE[name], now)


def slow_down(deed: str, *who: str, free: int, now: datetime) -> None:
    """Count one more try of this deed; raise RuleBroken while it must wait. Commits.

    Every try counts, whatever comes of it; `forget` after one that went well.
    """
    key = _hashed(deed, *who)
    row = _rows([key]).get(key)
    if row is not None and row.closed_until > now:
        wait = int((row.closed_until - now).total_seconds() + 0.999)
        raise RuleBroken(say("sign_in_slow_down", seconds=wait))
    _count(row, key, free, now)
    try:
        db.session.commit()
    except IntegrityError as exc:  # another try at the same moment was counted first
        db.session.rollback()
        raise RuleBroken(say("sign_in_slow_down", seconds=1)) from exc


def forget(deed: str, *who: str) -> None:
    """Count from the beginning again. The caller commits."""
    db.session.execute(delete(SignInBrake).where(SignInBrake.key == _hashed(deed, *who)))


def _count(row: SignInBrake | None, key: str, free: int, now: datetime) -> None:
    if row is None:
        row = SignInBrake(key=key, failures=0, closed_until=now, last_failure_at=now)
        db.session.add(row)
    elif now - row.last_failure_at > FORGET_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_failure_at = now
    over = row.failures - free
    if over >= 0:
        row.closed_until = now + timedelta(seconds=min(LONGEST, 2 ** min(over, 10)))


def note_success(email: str, address: str, now: datetime) -> None:
    """Forget this pair's failures and remember that the account is at home here."""
    db.session.execute(delete(SignInBrake).where(SignInBrake.key == _keys(email, address)["pair"]))
    known = db.session.get(SignInBrake, _known(email, address))
    if known is None:
        db.session.add(
            SignInBrake(
                key=_known(email, address), failures=0, closed_until=now, last_failure_at=now
            )
        )
    else:
        known.last_failure_at = now


def sweep(now: datetime) -> None:
    """Drop counters nobody needs any more. The caller commits."""
    db.session.execute(
        delete(SignInBrake).where(SignInBrake.last_failure_at < now - 30 * FORGET_AFTER)
    )


def _rows(keys: list[str]) -> dict[str, SignInBrake]:
    found = db.session.scalars(select(SignInBrake).where(SignInBrake.key.in_(keys)))
    return {row.key: row for row in found}


def _keys(email: str, address: str) -> dict[str, str]:
    return {
        "pair": _hashed("pair", email, address),
        "address": _hashed("address", address),
        "account": _hashed("account", email),
    }


def _known(email: str, address: str) -> str:
    return _hashed("known", email, address)


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
