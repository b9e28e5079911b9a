"""The service by which people may sign in besides: how it is reached, and what its claims mean."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.models import Role
from portal.openid import Provider


@dataclass(frozen=True)
class SignInService:
    """The provider, its name on the button, and what its claims mean here."""

    provider: Provider
    name: str
    roles_claim: str
    roles: Mapping[str, Role]
    add_people: bool
