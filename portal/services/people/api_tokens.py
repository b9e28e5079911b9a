"""Personal tokens, by which another system acts for a person: made, found, ended.

The secret is told once and stored as a hash. A token never may more than its person may now.
"""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import joinedload

from portal.clock import utc_now
from portal.errors import NotAllowed, NotFound, RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import ApiToken, Person, Scope
from portal.policies import can_revoke, scopes_of
from portal.services import audit
from portal.services.people.one_time_links import code_hash
from portal.services.slices import START, Order, Place, Slice, slice_of

PREFIX = "rosette_"  # so that whoever finds one lying about, a program included, knows what it is
SHOWN = len(PREFIX) + 6
DAYS = (30, 90, 180, 365)
LONGEST_LIFE = timedelta(days=365)
MOST = 20  # tokens of one person that work at the same time
MOST_LISTED = 50
TOUCH_EVERY = timedelta(minutes=1)


def make(
    *, person: Person, name: str, scopes: Collection[Scope], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token; return it and its secret, which is stored nowhere. Commits.

    Raises RuleBroken at the field, and NotAllowed for a scope that is not the person's to give.
    """
    if not scopes:
        raise RuleBroken(say("token_without_scope"), "scopes")
    if not set(scopes) <= scopes_of(person) or days not in DAYS:
        raise NotAllowed
    if _living_number(person, now) >= MOST:
        raise RuleBroken(say("too_many_tokens", most=MOST))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        person_id=person.id,
        name=name,
        secret_hash=code_hash(secret),
        beginning=secret[:SHOWN],
        scopes=sorted(scopes),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    db.session.add(token)
    audit.note(
        "token.create", actor=person, person=person, subject=token, now=now, scopes=token.scopes
    )
    db.session.commit()
    return token, secret


def find(secret: str) -> ApiToken | None:
    """Return the token of this secret, with its person; whether it is over is not asked."""
    query = (
        select(ApiToken)
        .options(joinedload(ApiToken.person).joinedload(Person.role_rows))
        .where(ApiToken.secret_hash == code_hash(secret))
    )
    return db.session.scalars(query).unique().one_or_none()


def works(token: ApiToken, now: datetime) -> bool:
    """Whether the token lets somebody in: it is not over, and its person's account is on."""
    return token.lives(now) and token.person.active


def scopes_now(token: ApiToken) -> set[Scope]:
    """Return what the token is good for: what it was made for, and its person still may."""
    return scopes_of(token.person) & {Scope(one) for one in token.scopes if one in set(Scope)}


def touch(token_id: int, now: datetime) -> None:
    """Note that the token was used. Commits."""
    db.session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id)
        .where(or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < now))
        .values(last_used_at=now)
    )
    db.session.commit()


def note_refused(token: ApiToken, now: datetime) -> None:
    """Write down that somebody came with a token that is over. Commits."""
    audit.note("token.refused", person=token.person, subject=token, now=now)
    db.session.commit()


def list_of(person: Person) -> Sequence[ApiToken]:
    """Return a person's newest tokens, the ended ones among them."""
    query = select(ApiToken).where(ApiToken.person_id == person.id)
    return db.session.scalars(query.order_by(ApiToken.id.desc()).limit(MOST_LISTED)).all()


def list_for_admin(person_id: int = 0, place: Place = START) -> Slice:
    """Return a page of everybody's tokens, or of one person's, newest first."""
    ids = select(ApiToken.id)
    if person_id:
        ids = ids.where(ApiToken.person_id == person_id)
    load = select(ApiToken).options(joinedload(ApiToken.person))
    return slice_of(ids, load, Order((ApiToken.id,), falling=True), place)


def living_of(person: Person, now: datetime) -> int:
    """Return how many tokens of a person work."""
    return _living_number(person, now)


def get_for(actor: Person, token_id: int) -> ApiToken:
    """Return the token if `actor` may end it; raise NotFound."""
    token = db.session.get(ApiToken, token_id)
    if token is None or not can_revoke(actor, token):
        raise NotFound
    return token


def revoke(*, actor: Person, token: ApiToken, now: datetime) -> None:
    """End a token for good; one that was ended before stays as it is. Commits."""
    if _end(ApiToken.id == token.id, now=now):
        audit.note("token.revoke", actor=actor, person=token.person, subject=token, now=now)
    db.session.commit()


def revoke_all(person: Person, now: datetime | None = None) -> None:
    """End every token of a person. The caller commits."""
    now = now or utc_now()
    ended = _end(ApiToken.person_id == person.id, now=now)
    if ended:
        audit.note("token.revoke", person=person, now=now, tokens=ended)


def revoke_everybodys(now: datetime) -> None:
    """End all there are: after a restore, those that were revoked since would work. Commits."""
    _end(ApiToken.id.is_not(None), now=now)
    db.session.commit()


def sweep(kept: timedelta, now: datetime) -> None:
    """Drop tokens that ended longer ago than that. The caller commits."""
    over = or_(ApiToken.expires_at < now - kept, ApiToken.revoked_at < now - kept)
    db.session.execute(delete(ApiToken).where(over).execution_options(synchronize_session=False))


def _living(now: datetime):
    return (ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)


def _living_number(person: Person, now: datetime) -> int:
    query = select(func.count()).select_from(ApiToken).filter_by(person_id=person.id)
    return db.session.scalar(query.where(*_living(now))) or 0


def _end(*which, now: datetime) -> int:
    ended = update(ApiToken).where(ApiToken.revoked_at.is_(None), *which).values(revoked_at=now)
    return db.session.execute(ended).rowcount
