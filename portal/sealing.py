"""Secrets at rest: seal and open. A sealed text names its owner and opens for no other."""

import json
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class CannotOpen(Exception):
    """The sealed text was changed, belongs to another owner, or no key of the ring fits."""


class Sealer:
    """A key ring: the first key seals, all of them open (AES-CBC with HMAC, by Fernet)."""

    def __init__(self, keys: Sequence[str]):
        self._ring = MultiFernet([Fernet(key) for key in keys])

    def __repr__(self) -> str:
        return "Sealer(…)"

    def seal(self, secret: str, owner: str) -> str:
        """Return `secret` encrypted, bound to `owner` (such as `connection:12`)."""
        return self._ring.encrypt(json.dumps([owner, secret]).encode()).decode()

    def open(self, sealed: str, owner: str) -> str:
        """Return the secret; raise CannotOpen unless it was sealed for this owner with our keys."""
        try:
            found, secret = json.loads(self._ring.decrypt(sealed.encode()))
        except (InvalidToken, ValueError) as exc:
            raise CannotOpen from exc
        if found != owner:
            raise CannotOpen
        return secret

    def renew(self, sealed: str) -> str:
        """Return the same secret sealed with the first key of the ring."""
        try:
            return self._ring.rotate(sealed.encode()).decode()
        except InvalidToken as exc:
            raise CannotOpen from exc


def new_key() -> str:
    """Return a fresh key for the ring."""
    return Fernet.generate_key().decode()
