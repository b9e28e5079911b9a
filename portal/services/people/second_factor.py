"""The second factor: codes from an app (TOTP), and ten recovery codes for when it is lost."""

import hmac
import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update

from portal.errors import RuleBroken
from portal.extensions import db
from portal.later import later
from portal.messages import say
from portal.models import Person, RecoveryCode, SecondFactor
from portal.sealing import CannotOpen
from portal.services import audit
from portal.services.means import Means
from portal.services.people import brake, mails, sessions
from portal.services.people.one_time_links import code_hash
from portal.services.people.proving import asks_password, prove

pyotp = later("pyotp")

STEP = 30  # seconds that a code of the app is shown
RECOVERY_CODES = 10
GUESSES = 5
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another
BRAKE = "second factor"


def must_set_up(person: Person, means: Means) -> bool:
    """Say whether this person has to set up a second factor before anything else."""
    wanted = means.staff_second_factor and bool(person.roles)
    return wanted and person.second_factor_at is None


def begin(*, person: Person, password: str, remote: str, means: Means, now: datetime) -> None:
    """Make a secret to be confirmed; one that waits already is replaced. Commits.

    Raises RuleBroken at `password`, and for somebody whose second factor is on.
    """
    prove(person=person, password=password, remote=remote, means=means, now=now)
    if person.second_factor_at is not None:
        raise RuleBroken(say("factor_on"))
    _drop(person)
    sealed = means.sealer.seal(pyotp.random_base32(), _owner(person))
    db.session.add(SecondFactor(person_id=person.id, sealed_secret=sealed, created_at=now))
    db.session.commit()


def secret_to_confirm(person: Person, means: Means) -> str | None:
    """Return the secret that waits to be confirmed; None when there is none."""
    if person.second_factor_at is not None:
        return None
    return _secret(person, means)


def app_address(person: Person, secret: str, means: Means) -> str:
    """Return the otpauth: address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=means.portal_name)


def confirm(*, person: Person, code: str, id_hash: str, means: Means, now: datetime) -> list[str]:
    """Turn the second factor on with a code of the app; return the recovery codes. Commits.

    They are stored nowhere in clear. Every session but the one with this hash ends.
    """
    brake.slow_down(BRAKE, str(person.id), free=GUESSES, now=now)
    if person.second_factor_at is not None:
        raise RuleBroken(say("factor_on"))
    if not _is_code_of_app(person, code, means, now):
        raise RuleBroken(say("factor_code_wrong"), "code")
    person.second_factor_at = now
    codes = _fresh_codes(person)
    brake.forget(BRAKE, str(person.id))
    _tell(person, "factor_on", person, now)
    sessions.end_others(person, id_hash)
    return codes


def verify(*, person: Person, code: str, means: Means, now: datetime) -> None:
    """Accept a code of the app, or a recovery code, once. Commits. Guessing is slowed down."""
    brake.slow_down(BRAKE, str(person.id), free=GUESSES, now=now)
    if not (_is_code_of_app(person, code, means, now) or _is_recovery_code(person, code)):
        db.session.rollback()
        audit.note("sign_in.code_failed", person=person, now=now)
        db.session.commit()
        raise RuleBroken(say("factor_code_wrong"), "code")
    brake.forget(BRAKE, str(person.id))
    db.session.commit()


def codes_left(person: Person) -> int:
    """Return how many recovery codes are unused."""
    query = select(func.count()).select_from(RecoveryCode).filter_by(person_id=person.id)
    return db.session.scalar(query) or 0


def new_codes(
    *, person: Person, password: str, code: str, remote: str, means: Means, now: datetime
) -> list[str]:
    """Return ten fresh recovery codes; those from before stop working. Commits."""
    if person.second_factor_at is None:
        raise RuleBroken(say("factor_off"))
    _prove(person, password, code, remote, means, now)
    codes = _fresh_codes(person)
    audit.note("person.factor_codes", actor=person, person=person, now=now)
    db.session.commit()
    return codes


def switch_off(
    *, person: Person, password: str, code: str, remote: str, means: Means, now: datetime
) -> None:
    """Sign in with the password alone from now on. Commits. Refused where staff must have it."""
    if means.staff_second_factor and person.roles:
        raise RuleBroken(say("factor_required"))
    _prove(person, password, code, remote, means, now)
    _turn_off(person, person, now)


def reset(*, actor: Person | None, person: Person, now: datetime) -> None:
    """Take the second factor of somebody who lost it away, and end their sessions. Commits."""
    sessions.end_all(person)
    _turn_off(actor, person, now)


def _turn_off(actor: Person | None, person: Person, now: datetime) -> None:
    person.second_factor_at = None
    _drop(person)
    _tell(person, "factor_off", actor, now)
    db.session.commit()


def _tell(person: Person, what: str, actor: Person | None, now: datetime) -> None:
    audit.note(f"person.{what}", actor=actor, now=now, person=person)
    mails.put_out(person=person, kind=what, now=now)


def _prove(
    person: Person, password: str, code: str, remote: str, means: Means, now: datetime
) -> None:
    """Ask for the password; of those who have none, for the factor itself."""
    if asks_password(person, means):
        prove(person=person, password=password, remote=remote, means=means, now=now)
    else:
        verify(person=person, code=code, means=means, now=now)


def _is_code_of_app(person: Person, code: str, means: Means, now: datetime) -> bool:
    """Say whether it is a code of now, or of half a minute around; and use it up."""
    code, secret = "".join(code.split()), _secret(person, means)
    if secret is None or not (code.isascii() and code.isdigit()):
        return False
    here = int(now.timestamp()) // STEP
    steps = (here - 1, here, here + 1)
    app = pyotp.TOTP(secret)
    fitting = [step for step in steps if hmac.compare_digest(app.at(step * STEP), code)]
    if not fitting:
        return False
    step = fitting[-1]
    used = db.session.execute(
        update(SecondFactor)
        .where(SecondFactor.person_id == person.id, SecondFactor.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return used.rowcount == 1


def _is_recovery_code(person: Person, code: str) -> bool:
    """Say whether it is one, and use it up; only one of two at once succeeds."""
    hashed = _hash(person, "".join(code.lower().replace("-", "").split()))
    query = delete(RecoveryCode).filter_by(person_id=person.id, code_hash=hashed)
    return db.session.execute(query).rowcount == 1


def _fresh_codes(person: Person) -> list[str]:
    db.session.execute(delete(RecoveryCode).filter_by(person_id=person.id))
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(12)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        db.session.add(RecoveryCode(code_hash=_hash(person, code), person_id=person.id))
    return [f"{code[:4]}-{code[4:8]}-{code[8:]}" for code in codes]


def _drop(person: Person) -> None:
    for table in (SecondFactor, RecoveryCode):
        db.session.execute(delete(table).filter_by(person_id=person.id))


def _secret(person: Person, means: Means) -> str | None:
    row = db.session.get(SecondFactor, person.id, populate_existing=True)
    if row is None:
        return None
    try:
        return means.sealer.open(row.sealed_secret, _owner(person))
    except CannotOpen:
        return None


def _owner(person: Person) -> str:
    return f"second_factor:{person.id}"


def _hash(person: Person, code: str) -> str:
    return code_hash(f"recovery:{person.id}:{code}")
