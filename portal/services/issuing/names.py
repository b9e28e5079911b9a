"""Names that can stand on a badge. Credly refuses empty ones; others would only embarrass."""

import unicodedata

_PLACEHOLDERS = {
    *("n/a", "na", "none", "null", "nil", "test", "unknown", "anonymous", "user", "todo", "tbd"),
    *("-", ".", "x", "xx", "xxx", "first name", "last name", "firstname", "lastname"),
}


def usable(first_name: str, last_name: str, email: str = "") -> bool:
    """Say whether both names can stand on a badge."""
    return unusable_field(first_name, last_name, email) is None


def unusable_field(first_name: str, last_name: str, email: str = "") -> str | None:
    """Return which of the two cannot stand on a badge: a name without letters, a placeholder, or
    a user name, that is something with @ or _, or the account of the address in both places.
    """
    for field, name in (("first_name", first_name), ("last_name", last_name)):
        if not _is_name(name):
            return field
    account = email.partition("@")[0].casefold()
    if account and first_name.strip().casefold() == last_name.strip().casefold() == account:
        return "last_name"
    return None


def _is_name(name: str) -> bool:
    letters = any(unicodedata.category(sign).startswith("L") for sign in name)
    plain = not set("@_") & set(name)
    return letters and plain and name.strip().casefold() not in _PLACEHOLDERS
