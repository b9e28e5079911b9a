"""Lists at Credly: filters, numbered pages, and the bulk search that has only a next address.

Addresses inside answers are never followed (assurance 2.3). Every walk is bounded, because a
server that numbers its pages wrongly must not keep us for ever.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from urllib.parse import parse_qsl, urlsplit

from portal.credly.shapes import Json, part, parts, wrong_shape
from portal.credly.transport import Params, Transport

MOST_TEMPLATE_PAGES = 400
MOST_BADGE_PAGES = 4000
_NOT_ABOUT_PEOPLE = ("issuer_earner_id", "badge_template_id", "state", "public")

log = logging.getLogger(__name__)


class Listed(Protocol):
    """Anything with an id of its own."""

    @property
    def id(self) -> str: ...


Item = TypeVar("Item", bound=Listed)
Reader = Callable[[Json], Item]


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page. `total_pages` and `total_count` are None where Credly said nothing sensible."""

    items: tuple[Item, ...]
    number: int
    total_pages: int | None
    total_count: int | None
    next_query: str | None = None


def page(
    transport: Transport,
    path: str,
    read: Reader[Item],
    number: int,
    filters: Mapping[str, str],
    sort: str | None = None,
) -> Page[Item]:
    """Fetch one numbered page (credly-api.md 2.2)."""
    params = [("page", str(number)), *filter_params(filters)]
    if sort:
        params.append(("sort", sort))
    answer = transport.get(path, params, shown=shown_filters(filters, number))
    return _page(answer, read, number)


def pages(
    transport: Transport,
    path: str,
    read: Reader[Item],
    filters: Mapping[str, str],
    *,
    sort: str,
    most: int,
) -> Iterator[Item]:
    """All items of a list, each once, counting pages ourselves.

    Ends at the last page, at an empty one or at one that brings nothing new. A list longer than
    `most` pages ends in Unsure, so that nobody takes what came for the whole.
    """
    seen: set[str] = set()
    for number in range(1, most + 1):
        got = page(transport, path, read, number, filters, sort)
        fresh = [item for item in got.items if item.id not in seen]
        if not fresh:
            if got.items or (got.total_pages or 0) > number:
                log.warning("a list at Credly ended early, at its page %s", number)
            return
        seen.update(item.id for item in fresh)
        yield from fresh
        if got.total_pages is not None and number >= got.total_pages:
            return
    raise wrong_shape()


def search(
    transport: Transport, path: str, read: Reader[Item], own: Params, shown: str
) -> Iterator[Item]:
    """All items of the bulk search, each once (credly-api.md 3.3).

    Of `next_page_url` only the query is taken, onto our own host and path; what it leaves out of
    our own parameters is put back.
    """
    seen: set[str] = set()
    asked: set[str] = set()
    params = list(own)
    for _ in range(MOST_BADGE_PAGES):
        got = _page(transport.get(path, params, shown=shown), read, len(asked) + 1)
        fresh = [item for item in got.items if item.id not in seen]
        seen.update(item.id for item in fresh)
        yield from fresh
        if got.next_query is None:
            return
        if not fresh or got.next_query in asked:
            log.warning("the bulk search at Credly ended early, at its page %s", got.number)
            return
        asked.add(got.next_query)
        params = _with_own(got.next_query, own)
    raise wrong_shape()


def filter_params(filters: Mapping[str, str]) -> list[tuple[str, str]]:
    """Filters as query parameters (credly-api.md 2.3): `a::b|c::d`, the form every server knows.

    A value that holds a bar itself, as an e-mail address may, goes in the bracketed form instead:
    otherwise it would be read as a further filter.
    """
    if any("|" in value for value in filters.values()):
        return [(f"filter[{key}]", value) for key, value in filters.items()]
    joined = "|".join(f"{key}::{value}" for key, value in filters.items())
    return [("filter", joined)] if joined else []


def shown_filters(filters: Mapping[str, str], number: int | None = None) -> str:
    """The query as the trail may show it: nothing that may be about a person."""
    pairs = [
        f"{key}::{value if key in _NOT_ABOUT_PEOPLE else '…'}" for key, value in filters.items()
    ]
    said = [f"filter={'|'.join(pairs)}"] if pairs else []
    said += [f"page={number}"] if number else []
    return f"?{'&'.join(said)}" if said else ""


def _page(answer: Json, read: Reader[Item], number: int) -> Page[Item]:
    items = []
    if not isinstance(answer.get("data"), list):
        raise wrong_shape()
    for one in parts(answer, "data"):
        if not isinstance(one, dict):
            raise wrong_shape()
        items.append(read(one))
    metadata = part(answer, "metadata")
    return Page(
        tuple(items),
        number,
        _count(metadata, "total_pages", least=1),
        _count(metadata, "total_count", least=0),
        _next_query(metadata.get("next_page_url")),
    )


def _count(metadata: Json, key: str, *, least: int) -> int | None:
    found = metadata.get(key)
    whole = isinstance(found, int) and not isinstance(found, bool)
    return found if whole and found >= least else None  # type: ignore[operator,return-value]


def _next_query(url: object) -> str | None:
    if not isinstance(url, str):
        return None
    try:
        return urlsplit(url).query or None
    except ValueError:
        return None


def _with_own(query: str, own: Params) -> list[tuple[str, str]]:
    try:
        theirs = parse_qsl(query, keep_blank_values=True, max_num_fields=50)
    except ValueError:
        raise wrong_shape() from None
    said = {key for key, _ in theirs}
    return theirs + [(key, value) for key, value in own if key not in said]
