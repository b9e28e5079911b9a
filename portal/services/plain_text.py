"""Names and titles as they are kept: one line, nothing invisible, nothing turned around."""

import unicodedata


def one_line(text: str) -> str:
    """Return `text` without control and format signs (zero-width, bidi), its spaces made single."""
    visible = "".join(
        sign if unicodedata.category(sign) not in {"Cc", "Cf"} else " " if sign.isspace() else ""
        for sign in unicodedata.normalize("NFC", text)
    )
    return " ".join(visible.split())
