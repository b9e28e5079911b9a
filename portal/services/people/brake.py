"""The brake on attempts. At sign-in: by account and address together, by address, by account.

An account that strangers hammer stays open for the addresses its owner has signed in from,
so nobody can lock another person out.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, text

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import SignInBrake
from portal.models.columns import Moment

FORGET_AFTER = timedelta(hours=24)
LONGEST = 900  # seconds
# How many failures each counter lets pass before it begins to wait.
FREE = {"pair": 5, "address": 20, "account": 20}
# Makes a counter that is not there, and holds it either way: who counts at the same moment waits.
_HOLD = text(
    "INSERT INTO sign_in_brake (key, failures, closed_until, last_failure_at)"
    " VALUES (:key, 0, :now, :now)"
    " ON CONFLICT (key) DO UPDATE SET failures = sign_in_brake.failures"
).bindparams(bindparam("now", type_=Moment))


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
    rows = _held(list(keys.values()), now)
    for name, key in keys.items():
        _count(rows[key], FREE[name], now)


def slow_down(deed: str, *who: str, free: int, now: datetime) -> None:
    """Count one more try of this deed; raise RuleBroken while it must wait. Commits.

    Every try counts, whatever comes of it; `forget` after one that went well.
    """
    key = _hashed(deed, *who)
    _refuse_closed(_rows([key]).get(key), now)
    row = _held([key], now)[key]
    _refuse_closed(row, now)  # tries at the same moment may have closed it
    _count(row, free, now)
    db.session.commit()


def forget(deed: str, *who: str) -> None:
    """Count from the beginning again. The caller commits."""
    db.session.execute(delete(SignInBrake).where(SignInBrake.key == _hashed(deed, *who)))


def _refuse_closed(row: SignInBrake | None, now: datetime) -> None:
    if row is None or row.closed_until <= now:
        return
    wait = int((row.closed_until - now).total_seconds() + 0.999)
    db.session.rollback()  # nothing is to be kept, and nobody to wait for it
    raise RuleBroken(say("sign_in_slow_down", seconds=wait))


def _count(row: SignInBrake, free: int, now: datetime) -> None:
    if now - row.last_failure_at > FORGET_AFTER:
        row.failures = 0
    row.failures += 1
    row.last_failure_at = now
    over = row.failures - free
    if over >= 0:
        row.closed_until = now + timedelta(seconds=min(LONGEST, 2 ** min(over, 10)))


def note_success(email: str, address: str, now: datetime) -> None:
    """Forget this pair's failures and remember that the account is at home here."""
    db.session.execute(delete(SignInBrake).where(SignInBrake.key == _keys(email, address)["pair"]))
    known = _known(email, address)
    _held([known], now)[known].last_failure_at = now


def sweep(now: datetime) -> None:
    """Drop counters nobody needs any more. The caller commits."""
    db.session.execute(
        delete(SignInBrake).where(SignInBrake.last_failure_at < now - 30 * FORGET_AFTER)
    )


def _rows(keys: list[str]) -> dict[str, SignInBrake]:
    query = select(SignInBrake).where(SignInBrake.key.in_(keys))
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {row.key: row for row in found}


def _held(keys: list[str], now: datetime) -> dict[str, SignInBrake]:
    """Return these counters, all there and held until the commit; in one order everywhere."""
    db.session.execute(_HOLD, [{"key": key, "now": now} for key in sorted(keys)])
    return _rows(keys)


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
