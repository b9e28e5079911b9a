"""Names that can stand on a badge. Credly refuses empty ones; others would only embarrass."""

import unicodedata

_PLACEHOLDERS = {"n/a", "na", "none", "null", "test", "unknown", "-", ".", "x"}


def usable(first_name: str, last_name: str) -> bool:
    """Say whether both names hold at least one letter and are no placeholders."""
    return all(_is_name(name) for name in (first_name, last_name))


def _is_name(name: str) -> bool:
    letters = any(unicodedata.category(sign).startswith("L") for sign in name)
    return letters and name.strip().lower() not in _PLACEHOLDERS
