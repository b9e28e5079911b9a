"""Which hosts may be spoken to, and which addresses out of Credly's answers may be shown.

Nothing here asks the network: a name is allowed because it is written down, never because of
what it resolves to.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

API_HOSTS = frozenset({"api.credly.com", "sandbox-api.credly.com"})
WEB_FRONTS = {"api.credly.com": "www.credly.com", "sandbox-api.credly.com": "sandbox.credly.com"}
CREDLY_DOMAINS = ("credly.com", "youracclaim.com")
LONGEST_HOST = 253
LONGEST_LINK = 2000

_EXTRA = re.compile(
    r"(?P<scheme>https?://)?(?P<name>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::(?P<port>[0-9]{1,5}))?"
)
_PROFILE = re.compile(r"/users/([A-Za-z0-9_~-]+(?:\.[A-Za-z0-9_~-]+)*)(?:/[A-Za-z0-9/_-]*)?")


class BadHost(ValueError):
    """A hostname that may not be used.

    `code` says why: `empty`, `too_long`, `strange_characters`, `scheme`, `user_info`, `path`,
    `trailing_dot`, `port`, `not_allowed`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Hosts:
    """The hosts this portal may speak to: Credly's own and the operator's extra entries.

    An entry is `host:port` or `https://host:port`; a bad one raises BadHost. Loopback entries are
    spoken to in plain http unless they are written with https, all others by https only.
    """

    extra: frozenset[str] = frozenset()
    _schemes: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_schemes", dict(_read_extra(entry) for entry in self.extra))

    @property
    def trusted(self) -> frozenset[str]:
        """The operator's entries as `host:port`, for the guarded fetcher."""
        return frozenset(self._schemes)

    def api_host(self, text: str) -> str:
        """Return the hostname in its one stored form, or raise BadHost. Exact matches only."""
        lowered = text.lower()
        # `lower` turns some foreign letters into ASCII ones, hence the look at the text itself.
        if text.isascii() and (lowered in API_HOSTS or lowered in self._schemes):
            return lowered
        raise BadHost(_what_is_wrong(text))

    def root(self, host: str) -> str:
        """The address all API paths start from (credly-api.md 1.1)."""
        name = self.api_host(host)
        return f"{self._schemes.get(name, 'https')}://{name}/v1"

    def web_front(self, host: str) -> str:
        """Credly's front page for people, for the API host of a connection."""
        name = self.api_host(host)
        return f"{self._schemes.get(name, 'https')}://{WEB_FRONTS.get(name, name)}/"

    def safe_link(self, url: object) -> str | None:
        """Return the address if it may be linked to, else None. Anything at all may come in."""
        if not isinstance(url, str) or not _is_plain(url):
            return None
        parts = _split(url)
        return url if parts is not None and self._is_credlys(parts) else None

    def safe_image(self, url: object) -> str | None:
        """Return the address if a picture may be fetched from it, else None."""
        return self.safe_link(url)

    def safe_profile(self, url: object) -> str | None:
        """Return the short form of a Credly profile address that a learner typed, else None."""
        if not isinstance(url, str):
            return None
        typed = url.strip()
        link = self.safe_link(typed if "://" in typed else f"https://{typed}")
        if link is None:
            return None
        parts = urlsplit(link)
        found = _PROFILE.fullmatch(parts.path)
        return f"{parts.scheme}://{parts.netloc.lower()}/users/{found[1]}" if found else None

    def _is_credlys(self, parts: SplitResult) -> bool:
        place = parts.netloc.lower()
        if place in self._schemes:
            return parts.scheme == self._schemes[place]
        name = (parts.hostname or "").lower()
        at_home = any(name == one or name.endswith(f".{one}") for one in CREDLY_DOMAINS)
        return parts.scheme == "https" and at_home and place in {name, f"{name}:443"}


def is_loopback(name: str) -> bool:
    """Whether a hostname or literal address without port is this machine itself."""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _read_extra(entry: str) -> tuple[str, str]:
    found = _EXTRA.fullmatch(entry.strip().lower())
    if found is None or not entry.isascii():
        raise BadHost("strange_characters")
    if found["port"] and not 1 <= int(found["port"]) <= 65535:
        raise BadHost("port")
    near = is_loopback(found["name"])
    if found["scheme"] == "http://" and not near:
        raise BadHost("scheme")
    place = found["name"] + (f":{found['port']}" if found["port"] else "")
    return place, "http" if near and found["scheme"] != "https://" else "https"


def _what_is_wrong(text: str) -> str:
    """The most helpful reason why a typed hostname is not one of ours."""
    if not text.strip():
        return "empty"
    if len(text) > LONGEST_HOST:
        return "too_long"
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return "strange_characters"
    for sign, code in (("://", "scheme"), ("@", "user_info")):
        if sign in text:
            return code
    if any(sign in text for sign in "/?#"):
        return "path"
    if text.endswith("."):
        return "trailing_dot"
    return "port" if re.fullmatch(r"[^:\[\]]+:[0-9]+", text) else "not_allowed"


def _is_plain(url: str) -> bool:
    return 0 < len(url) <= LONGEST_LINK and url.isprintable() and not set(url) & set(' \\<>"`')


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        odd = parts.port == 0 or "@" in parts.netloc or not parts.netloc.isascii()
    except ValueError:  # from reading the port, too
        return None
    return None if odd else parts
