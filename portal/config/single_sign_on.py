"""The settings of single sign-on by OpenID Connect."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.config.reader import BadSetting, Reader

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
ROLES = ("admin", "integration_admin", "author")


@dataclass(frozen=True)
class SingleSignOn:
    """Where people may sign in besides. `roles` maps words of the claim to roles."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    roles_claim: str
    roles: tuple[tuple[str, str], ...]
    add_people: bool
    acr: tuple[str, ...]
    amr: tuple[str, ...]


# What is read only where there is an OIDC_ISSUER.
BESIDES_ISSUER = (
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
    "OIDC_ADD_PEOPLE",
    "OIDC_ROLES_CLAIM",
    "OIDC_ROLES",
    "OIDC_REQUIRE_ACR",
    "OIDC_REQUIRE_AMR",
)


def single_sign_on(read: Reader) -> SingleSignOn | None:
    """Return what is set up; None when nothing is. Raises BadSetting."""
    issuer = read.text("OIDC_ISSUER")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or plain) or parts.query:
        raise BadSetting(f"OIDC_ISSUER is {issuer!r}; it must be an https address.")
    client_id = read.text("OIDC_CLIENT_ID")
    if not client_id:
        raise BadSetting("OIDC_CLIENT_ID must be set when OIDC_ISSUER is.")
    return SingleSignOn(
        issuer=issuer,
        client_id=client_id,
        client_secret=read.secret("OIDC_CLIENT_SECRET"),
        name=_name(read),
        roles_claim=read.text("OIDC_ROLES_CLAIM"),
        roles=_roles(read),
        add_people=read.choice("OIDC_ADD_PEOPLE", "0", ("0", "1")) == "1",
        acr=_strengths("OIDC_REQUIRE_ACR", read.text("OIDC_REQUIRE_ACR")),
        amr=_strengths("OIDC_REQUIRE_AMR", read.text("OIDC_REQUIRE_AMR")),
    )


def local_sign_in(read: Reader) -> bool:
    """Say whether people may sign in with a password of the portal."""
    on = read.choice("LOCAL_SIGN_IN", "on", ("on", "off")) == "on"
    if not on and not read.text("OIDC_ISSUER"):
        raise BadSetting("LOCAL_SIGN_IN is 'off' without OIDC_ISSUER; nobody could sign in.")
    return on


def _name(read: Reader) -> str:
    name = read.text("OIDC_NAME", "single sign-on")
    if not 1 <= len(name) <= 40:
        raise BadSetting("OIDC_NAME must have 1 to 40 characters.")
    return name


def _strengths(name: str, text: str) -> tuple[str, ...]:
    """Return the words of which each answer must name one; anything typed must be a word."""
    words = tuple(text.replace(",", " ").split())
    if text and not words or not all(word.isascii() and word.isprintable() for word in words):
        raise BadSetting(f"{name} is {text!r}; use words of the service, separated by spaces.")
    return words


def _roles(read: Reader) -> tuple[tuple[str, str], ...]:
    text = read.text("OIDC_ROLES")
    pairs = []
    for entry in text.replace(",", " ").split():
        word, sign, role = entry.rpartition("=")
        if not sign or not word or role not in ROLES or not re.fullmatch(r"\S+", word):
            raise BadSetting(
                f"OIDC_ROLES holds {entry!r}; use entries like their-word=author, with one of"
                f" {', '.join(ROLES)}."
            )
        pairs.append((word, role))
    if bool(pairs) != bool(read.text("OIDC_ROLES_CLAIM")):
        raise BadSetting("OIDC_ROLES and OIDC_ROLES_CLAIM must be set together.")
    return tuple(pairs)
