"""Whether an address belonged to somebody who was erased."""

import hashlib
from collections.abc import Collection

from sqlalchemy import delete, select

from portal.extensions import db
from portal.models import SuppressedAddress


def hash_of(address: str) -> str:
    """Return what is kept of an address."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()


def suppressed(addresses: Collection[str]) -> set[str]:
    """Return which of these addresses belonged to people who were erased."""
    by_hash = {hash_of(address): address for address in addresses}
    query = select(SuppressedAddress.address_hash).where(
        SuppressedAddress.address_hash.in_(by_hash)
    )
    return {by_hash[found] for found in db.session.scalars(query)}


def lift(address: str) -> None:
    """Let this address be added again: its owner came back. The caller commits."""
    mine = SuppressedAddress.address_hash == hash_of(address)
    db.session.execute(delete(SuppressedAddress).where(mine))
