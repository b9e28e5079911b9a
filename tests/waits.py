"""The brake's waits in tests: the first lasts one second, which a slow machine outlives."""

from datetime import timedelta

from portal.extensions import db
from portal.models import SignInBrake

LONG = timedelta(minutes=10)


def stretch_waits() -> None:
    """Let each wait that has begun last ten minutes longer, as if no time passed meanwhile.

    A counter that asks for no wait is left alone, so the next try is slowed down only if it is due.
    """
    for row in _begun():
        row.closed_until += LONG
    db.session.commit()


def end_waits() -> None:
    """Let each wait be over, as if whoever must wait had waited."""
    for row in _begun():
        row.closed_until = row.last_failure_at
    db.session.commit()


def _begun() -> list[SignInBrake]:
    return [row for row in db.session.query(SignInBrake) if row.closed_until > row.last_failure_at]
