"""The setting that says where somebody who found a hole may write to."""

import re

from portal.config.reader import BadSetting, Reader

_ADDRESS = re.compile(r"[^\s@<>:]+@[^\s@<>:]+\.[^\s@<>:]+")
_URI = re.compile(r"(mailto:|https://|tel:\+)[!-~]+")


def security_contact(read: Reader) -> tuple[str, ...]:
    """Return the addresses as RFC 9116 wants them, the preferred one first. Raises BadSetting."""
    found = []
    for word in read.text("SECURITY_CONTACT").replace(",", " ").split():
        uri = f"mailto:{word}" if _ADDRESS.fullmatch(word) else word
        if not _URI.fullmatch(uri):
            raise BadSetting(
                f"SECURITY_CONTACT holds {word!r}; use an e-mail address, or one that begins with"
                " https://, mailto: or tel:+."
            )
        found.append(uri)
    return tuple(found)
