"""Following replacements: from any badges of a chain to the newest ones that still count."""

from collections.abc import Callable, Iterable

from portal.credly.payloads import Badge
from portal.credly.shapes import wrong_shape

LONGEST_CHAIN = 50


def newest_of(
    found: Iterable[Badge], template_id: str, fetch: Callable[[str], Badge | None]
) -> tuple[Badge, ...]:
    """The newest badge of each chain, if it is for this template and not revoked; each once.

    A chain whose newest badge was deleted leads to nothing.
    """
    known = {badge.id: badge for badge in found}
    live: dict[str, Badge] = {}
    for badge in list(known.values()):
        newest = _newest(badge, known, fetch)
        if newest is not None and newest.template_id == template_id and not newest.is_revoked:
            live[newest.id] = newest
    return tuple(live.values())


def _newest(
    badge: Badge, known: dict[str, Badge], fetch: Callable[[str], Badge | None]
) -> Badge | None:
    passed = {badge.id}
    while badge.replacement_badge_id is not None:
        next_id = badge.replacement_badge_id
        if next_id in passed or len(passed) >= LONGEST_CHAIN:
            raise wrong_shape()  # a ring, or no end: nothing may be concluded from it
        passed.add(next_id)
        following = known.get(next_id) or fetch(next_id)
        if following is None:
            return None
        badge = known[next_id] = following
    return badge
