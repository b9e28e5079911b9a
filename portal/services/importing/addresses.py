"""The addresses of people in files, in their one stored form."""

from functools import lru_cache

from portal.errors import RuleBroken
from portal.services.people import people


@lru_cache(maxsize=5_000)
def address_of(cell: str) -> tuple[str | None, str | None]:
    """Return an address in its stored form, or the code of what is wrong with it.

    Files of records name the same people on every page; to look at an address takes its time.
    """
    try:
        return people.plain_email(cell), None
    except RuleBroken as broken:
        return None, broken.message.code
