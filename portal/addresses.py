"""Which internet addresses may be fetched from: reading them, and saying no, without any network.

Only used by `fetching`.
"""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

LONGEST_URL = 2000
PORTS = {"http": 80, "https": 443}

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# Global by the registry, and yet ways to other addresses: NAT64, Teredo, 6to4 and its relays,
# IPv4 written as IPv6, and old site-local addresses.
_DETOURS = tuple(
    ipaddress.ip_network(one)
    for one in (
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "192.88.99.0/24",
        "::ffff:0:0/96", "::/96", "fec0::/10",
    )
)  # fmt: skip


class FetchRefused(Exception):
    """The address may not be fetched, and nothing was sent to it.

    `code`: `address`, `scheme`, `port`, `user_info`, `host_not_allowed`, `forbidden_address`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Target:
    """An address taken apart; `path` is encoded and holds the query, too."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def read_target(url: str, trusted_hosts: frozenset[str] = frozenset()) -> Target:
    """The parts of an http(s) address, ready to be asked for, or FetchRefused.

    Ports other than the usual ones only for `trusted_hosts`, which are `host:port`.
    """
    parts = _split(url)
    if parts.scheme not in PORTS:
        raise FetchRefused("scheme")
    if "@" in parts.netloc:
        raise FetchRefused("user_info")
    host = _ascii_host(parts)
    path = quote(parts.path or "/", safe="/%:!$&'()*+,;=~@-._")
    query = quote(parts.query, safe="/%:!$&'()*+,;=~@-._?[]")
    port = parts.port or PORTS[parts.scheme]
    target = Target(parts.scheme, host, port, f"{path}?{query}" if query else path)
    if target.place not in trusted_hosts and port not in PORTS.values():
        raise FetchRefused("port")
    return target


def _split(url: str) -> SplitResult:
    plain = 0 < len(url) <= LONGEST_URL and url.isprintable() and not set(url) & set(" \\")
    try:
        parts = urlsplit(url)
        odd = parts.port == 0
    except ValueError:
        raise FetchRefused("address") from None
    if not plain or odd:
        raise FetchRefused("address")
    return parts


def _ascii_host(parts: SplitResult) -> str:
    try:
        host = (parts.hostname or "").encode("idna").decode("ascii").lower().rstrip(".")
    except UnicodeError:
        raise FetchRefused("address") from None
    if not host:
        raise FetchRefused("address")
    return host


def as_address(host: str) -> IPAddress | None:
    """The address that this text stands for, the odd ways of writing one included."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:  # the system reads 127.1, 0x7f000001, 0177.0.0.1 and 2130706433 as addresses, so we must
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_forbidden(address: IPAddress) -> bool:
    """Whether an address is not plainly out in the public internet (assurance 2.3)."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return True
    return any(address in net for net in _DETOURS if net.version == address.version)
