"""Names that can stand on a badge. Credly refuses empty ones; others would only embarrass.

Whoever is really called like a placeholder is held, too, until an administrator says that the name
is right: `confirmed_names`.
"""

import unicodedata
from typing import Protocol

_PLACEHOLDERS = {
    *("n/a", "na", "none", "null", "nil", "test", "unknown", "anonymous", "user", "todo", "tbd"),
    *("-", ".", "x", "xx", "xxx", "first name", "last name", "firstname", "lastname"),
}


class Named(Protocol):
    """Somebody with a name: a person, or what a delivery knows of its learner."""

    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def confirmed_name(self) -> str | None: ...


def usable(person: Named) -> bool:
    """Say whether both names can stand on a badge."""
    return unusable_field(person, person.first_name, person.last_name) is None


def unusable_field(person: Named, first_name: str, last_name: str) -> str | None:
    """Return which of these names of the person cannot stand on a badge: one without letters, a
    placeholder, or a user name, that is something with @ or _, or the account of the address in
    both places. What an administrator said is right is no placeholder.
    """
    for field, name in (("first_name", first_name), ("last_name", last_name)):
        if not _is_possible(name):
            return field
    if person.confirmed_name == whole(first_name, last_name):
        return None
    for field, name in (("first_name", first_name), ("last_name", last_name)):
        if name.strip().casefold() in _PLACEHOLDERS:
            return field
    account = person.email.partition("@")[0].casefold()
    if account and first_name.strip().casefold() == last_name.strip().casefold() == account:
        return "last_name"
    return None


def can_be_confirmed(person: Named) -> bool:
    """Say whether the name is held only because it looks like none, so that somebody may know."""
    possible = _is_possible(person.first_name) and _is_possible(person.last_name)
    return possible and not usable(person)


def whole(first_name: str, last_name: str) -> str:
    """Return a name as it is confirmed."""
    return f"{first_name} {last_name}"


def _is_possible(name: str) -> bool:
    """Whether a name can be one at all."""
    letters = any(unicodedata.category(sign).startswith("L") for sign in name)
    return letters and not set("@_") & set(name)
