"""A sign-in service that speaks OpenID Connect: its HTTP and its words, nothing of the portal.

Authorization code flow with PKCE (S256), state and nonce; every check of the ID token is made here.
"""

import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from portal.later import later

if TYPE_CHECKING:
    import requests
    from authlib.common import errors as authlib_errors
    from authlib.integrations import requests_client
    from joserfc import errors as jose_errors
    from joserfc import jwk, jwt
else:
    requests, requests_client = later("requests"), later("authlib.integrations.requests_client")
    authlib_errors, jose_errors = later("authlib.common.errors"), later("joserfc.errors")
    jwk, jwt = later("joserfc.jwk"), later("joserfc.jwt")

# Signatures that only the provider can make; `none` and shared secrets are not among them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
SCOPE = "openid email profile"
TIMEOUT = (5, 10)
LEEWAY = 60  # seconds that two clocks may differ
KEPT = 3600.0  # seconds that what the provider says of itself is believed
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MOST = 1024 * 1024  # bytes of an answer


class NotReached(Exception):
    """The provider did not answer, or not as OpenID Connect asks."""


class NotTrusted(Exception):
    """The answer is not one that may let somebody in. The text is ours and names what is wrong."""


class TooWeak(Exception):
    """The answer is true, but does not say that somebody signed in as strongly as is asked."""


@dataclass(frozen=True)
class Ticket:
    """What one attempt to sign in began with; kept by the browser it began in."""

    state: str
    nonce: str
    verifier: str


@dataclass
class Provider:
    """One provider and our registration with it. Threads share it.

    `acr` and `amr` are the strengths of which each answer must name one, where there are any.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str = ""
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    _facts: dict[str, Any] = field(default_factory=dict, repr=False)
    _keys: Any = field(default=None, repr=False)
    _read_at: float = field(default=0.0, repr=False)

    def begin(self) -> tuple[str, Ticket]:
        """Return where to send the browser, and what must come back with it."""
        ticket = Ticket(*(secrets.token_urlsafe(32) for _ in range(3)))
        wished = {"acr_values": " ".join(self.acr)} if self.acr else {}
        with self._session() as session:
            url, _state = session.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=ticket.state,
                code_verifier=ticket.verifier,
                nonce=ticket.nonce,
                **wished,
            )
        return url, ticket

    def finish(self, ticket: Ticket, *, state: str, code: str, now: float) -> dict[str, Any]:
        """Return the claims about who came back. Raises NotTrusted, TooWeak or NotReached."""
        if not hmac.compare_digest(ticket.state.encode(), state.encode()):
            raise NotTrusted("state")
        try:
            with self._session() as session:
                answer = session.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=ticket.verifier,
                    timeout=TIMEOUT,
                    allow_redirects=False,
                )
        except authlib_errors.AuthlibBaseError as exc:
            raise NotTrusted("code") from exc
        except (requests.RequestException, ValueError) as exc:
            raise NotReached("token_endpoint") from exc
        token = answer.get("id_token") if isinstance(answer, dict) else None
        if not isinstance(token, str):
            raise NotTrusted("id_token")
        return self._claims(token, ticket, now)

    def _claims(self, token: str, ticket: Ticket, now: float) -> dict[str, Any]:
        try:
            claims = self._opened(token)
        except (jose_errors.JoseError, ValueError, TypeError, KeyError) as exc:
            raise NotTrusted("signature") from exc
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        nonce, subject = claims.get("nonce"), claims.get("sub")
        checks = {
            "iss": claims.get("iss") == self.issuer,
            "aud": self.client_id in audiences,
            "azp": claims.get("azp", self.client_id) == self.client_id
            and (len(audiences) == 1 or "azp" in claims),
            "exp": _number(claims.get("exp")) > now - LEEWAY,
            "iat": 0 < _number(claims.get("iat")) < now + LEEWAY,
            "nbf": _number(claims.get("nbf", 0)) < now + LEEWAY,
            "nonce": isinstance(nonce, str)
            and hmac.compare_digest(nonce.encode(), ticket.nonce.encode()),
            "sub": isinstance(subject, str) and 0 < len(subject) <= 255,
        }
        wrong = next((name for name, good in checks.items() if not good), None)
        if wrong:
            raise NotTrusted(wrong)
        self._check_strength(claims)
        return claims

    def _check_strength(self, claims: dict[str, Any]) -> None:
        """OpenID Connect Core 1.0, 2: `acr` is one word, `amr` a list of them."""
        if self.acr and claims.get("acr") not in self.acr:
            raise TooWeak("acr")
        ways = claims.get("amr")
        if self.amr and not (isinstance(ways, list) and any(way in self.amr for way in ways)):
            raise TooWeak("amr")

    def _opened(self, token: str) -> dict[str, Any]:
        """Check the signature; a key that is not known yet is fetched once."""
        said = self._about().get("id_token_signing_alg_values_supported") or ["RS256"]
        allowed = [name for name in ALGORITHMS if name in said]
        try:
            return dict(jwt.decode(token, self._key_set(), algorithms=allowed).claims)
        except (jose_errors.JoseError, ValueError):
            if time.monotonic() - self._read_at < LEEWAY:
                raise
            self._facts = {}  # the provider may have new keys
            return dict(jwt.decode(token, self._key_set(), algorithms=allowed).claims)

    def _about(self) -> dict[str, Any]:
        """Return what the provider says of itself (OpenID Connect Discovery 1.0)."""
        facts = self._facts
        if not facts or time.monotonic() - self._read_at > KEPT:
            facts = _read(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if facts.get("issuer") != self.issuer:
                raise NotTrusted("issuer")
            # Two threads may both have asked: the one answer is as good as the other.
            self._facts, self._keys, self._read_at = facts, None, time.monotonic()
        return facts

    def _key_set(self) -> "jwk.KeySet":
        keys = self._keys
        if keys is None:
            keys = self._keys = jwk.KeySet.import_key_set(_read(self._endpoint("jwks_uri")))
        return keys

    def _endpoint(self, name: str) -> str:
        address = self._about().get(name)
        if not isinstance(address, str) or not is_safe(address):
            raise NotTrusted(name)
        return address

    def _session(self) -> "requests_client.OAuth2Session":
        methods = self._about().get("token_endpoint_auth_methods_supported")
        basic = not methods or "client_secret_basic" in methods
        way = "client_secret_basic" if basic else "client_secret_post"
        session = requests_client.OAuth2Session(
            self.client_id,
            self.client_secret or None,
            token_endpoint_auth_method=way if self.client_secret else "none",
            scope=SCOPE,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
        )
        session.trust_env = False
        return session


def is_safe(address: str) -> bool:
    """Say whether an address is https, or plain http on this machine."""
    parts = urlsplit(address)
    plain = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or plain) and not parts.username


def _read(address: str) -> dict[str, Any]:
    if not is_safe(address):
        raise NotTrusted("address")
    try:
        with requests.Session() as http:
            http.trust_env = False
            answer = http.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True)
            body = answer.raw.read(MOST + 1, decode_content=True)
            found = json.loads(body) if answer.ok and len(body) <= MOST else None
    except (requests.RequestException, OSError, ValueError) as exc:
        raise NotReached(urlsplit(address).path) from exc
    if not isinstance(found, dict):
        raise NotReached(urlsplit(address).path)
    return found


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0
