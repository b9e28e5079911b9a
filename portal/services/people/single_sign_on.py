"""Signing in by another service: whom its claims are about, and what they may do."""

import json
import logging
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.errors import RuleBroken
from portal.extensions import db
from portal.messages import say
from portal.models import Person, Role
from portal.openid import NotReached, NotTrusted, Ticket, TooWeak
from portal.sealing import CannotOpen, Sealer
from portal.services import audit
from portal.services.people import people, sessions
from portal.services.people.sign_in_service import SignInService

log = logging.getLogger(__name__)
LIFE = 600.0  # seconds between leaving and coming back
_TICKET = "single sign-on"  # what a ticket is sealed for


def begin(service: SignInService, sealer: Sealer, now: datetime) -> tuple[str, str]:
    """Return where to send the browser, and a sealed ticket that must come back from it.

    Raises RuleBroken when the service does not answer.
    """
    try:
        url, ticket = service.provider.begin()
        kept = [ticket.state, ticket.nonce, ticket.verifier, now.timestamp()]
        return url, sealer.seal(json.dumps(kept), _TICKET)
    except (NotReached, NotTrusted) as trouble:
        log.warning("single sign-on could not begin: %s %s", type(trouble).__name__, trouble)
        raise RuleBroken(say("sso_not_reached", name=service.name)) from trouble


def finish(
    service: SignInService, sealed: str, *, state: str, code: str, sealer: Sealer, now: datetime
) -> Person:
    """Return who came back, with the roles their claims give. Commits.

    Raises RuleBroken for an answer that is not trusted or too weak, an address that was not
    verified, and somebody whom nobody has added.
    """
    ticket = _ticket(service, sealed, sealer, now)
    db.session.rollback()  # no transaction is open while the provider takes its time
    try:
        claims = service.provider.finish(ticket, state=state, code=code, now=now.timestamp())
    except NotTrusted as trouble:
        log.warning("single sign-on refused: %s", trouble)
        _refused("sso_not_trusted", None, now)
        raise RuleBroken(say("sso_not_trusted", name=service.name)) from trouble
    except TooWeak as trouble:
        log.warning("single sign-on refused: too weak, %s", trouble)
        _refused("sso_too_weak", None, now)
        raise RuleBroken(say("sso_too_weak", name=service.name)) from trouble
    except NotReached as trouble:
        log.warning("single sign-on broke off: %s", trouble)
        raise RuleBroken(say("sso_not_reached", name=service.name)) from trouble
    try:
        person = _person_of(service, claims, now)
    except RuleBroken as broken:
        _refused(broken.message.code, None, now)
        raise
    if not person.active:
        _refused("account_is_off", person, now)
        raise RuleBroken(say("sso_unknown"))
    _follow_roles(service, person, claims, now)
    db.session.commit()
    return person


def _refused(why: str, person: Person | None, now: datetime) -> None:
    """Write down that somebody came back who does not come in. Commits."""
    db.session.rollback()
    audit.note("sign_in.refused_by_service", person=person, now=now, why=why)
    db.session.commit()


def _ticket(service: SignInService, sealed: str, sealer: Sealer, now: datetime) -> Ticket:
    """Return what this browser left with; whoever left with nothing, or long ago, begins anew."""
    try:
        *parts, at = json.loads(sealer.open(sealed, _TICKET))
    except CannotOpen as exc:
        raise RuleBroken(say("sso_not_trusted", name=service.name)) from exc
    if not 0 <= now.timestamp() - at <= LIFE:
        raise RuleBroken(say("sso_not_trusted", name=service.name))
    return Ticket(*parts)


def _person_of(service: SignInService, claims: dict[str, Any], now: datetime) -> Person:
    """Provider and subject say who it is; the first time a verified address does."""
    issuer, subject = service.provider.issuer, claims["sub"]
    known = select(Person).filter_by(oidc_issuer=issuer, oidc_subject=subject)
    person = db.session.scalar(known)
    if person is not None:
        return person
    email = _verified_email(claims)
    person = db.session.scalar(select(Person).where(Person.email == email))
    if person is None:
        person = _add(service, email, claims)
    elif person.oidc_subject is not None:
        # The address went to another account there: that is not the person we know.
        raise RuleBroken(say("sso_another_account"))
    person.oidc_issuer, person.oidc_subject = issuer, subject
    audit.note("person.sso_linked", actor=person, now=now, person=person)
    try:
        db.session.commit()
    except IntegrityError as exc:  # the same account in two browsers at once
        db.session.rollback()
        raise RuleBroken(say("sso_unknown")) from exc
    return person


def _verified_email(claims: dict[str, Any]) -> str:
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        raise RuleBroken(say("sso_email_not_verified"))
    return people.plain_email(email[:254])


def _add(service: SignInService, email: str, claims: dict[str, Any]) -> Person:
    if not service.add_people:
        raise RuleBroken(say("sso_unknown"))
    first_name, last_name = _names(claims)
    try:
        return people.add(email=email, first_name=first_name, last_name=last_name, roles=set())
    except RuleBroken as broken:  # somebody who was erased, for one
        raise RuleBroken(say("sso_unknown")) from broken


def _names(claims: dict[str, Any]) -> tuple[str, str]:
    """Return the names of the claims; what is missing is asked for before a badge leaves."""
    first_name, last_name = _text(claims.get("given_name")), _text(claims.get("family_name"))
    if not (first_name and last_name):
        whole = _text(claims.get("name")).rpartition(" ")
        first_name, last_name = first_name or whole[0], last_name or whole[2]
    return first_name or "Unknown", last_name or "Unknown"


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:100]


def _follow_roles(
    service: SignInService, person: Person, claims: dict[str, Any], now: datetime
) -> None:
    """Give exactly the roles that the claim names; the last administrator stays one."""
    if not service.roles_claim:
        return
    wanted = {service.roles[word] for word in _words(claims, service) if word in service.roles}
    if wanted == person.roles:
        return
    if Role.ADMIN in person.roles - wanted and people.is_last_admin(person):
        log.warning("person %s stays administrator: there is no other", person.id)
        wanted.add(Role.ADMIN)
    before = sorted(person.roles)
    person.give_roles(wanted)
    sessions.end_all(person)
    roles = {"before": before, "after": sorted(wanted)}
    audit.note("person.roles_by_sso", actor=person, now=now, person=person, **roles)


def _words(claims: dict[str, Any], service: SignInService) -> list[str]:
    """Return what stands in the claim; `a.b` is `b` inside `a`."""
    found: Any = claims
    for part in service.roles_claim.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    words = found if isinstance(found, list) else [found]
    return [word for word in words if isinstance(word, str)]
