"""The one text by which a person is found: names and address, whatever the case of the letters."""

import unicodedata


def folded(text: str) -> str:
    """Return the text as it is compared: Åsa, åsa and ÅSA are one, however the ring was typed."""
    return unicodedata.normalize("NFC", text.casefold())


def found_by(first_name: str, last_name: str, email: str) -> str:
    """Return what a search for this person is made in; nobody can type what parts it."""
    return folded(f"{first_name} {last_name}\n{email}")
