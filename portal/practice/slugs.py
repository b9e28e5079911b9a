"""Names turned into the last part of an address."""

import re
import unicodedata


def slug_of(name: str) -> str:
    """Turn `Åsa Öberg` into `asa-oberg`; what leaves nothing becomes `unnamed`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "unnamed"
