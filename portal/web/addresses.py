"""Addresses of pages: how one is built is worked out when it is first built."""

from collections.abc import Callable
from enum import Enum
from functools import cache, lru_cache

from flask import Flask, request, url_for
from werkzeug.routing import Rule


class PageRule(Rule):
    """Werkzeug writes two small programs for each of some 250 rules; few are used after a start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compile_now = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, *given: object, **values: object) -> tuple[str, str]:
            if not made:
                made.append(compile_now(append_unknown))
            return made[0](rule, *given, **values)

        return build


def keeping_addresses(app: Flask) -> Callable[..., str]:
    """Return a `url_for` for templates that keeps what hangs on a page, numbers and states alone.

    A list has an address in every row. What else stands in an address may be a secret, or what
    somebody searched, and is not kept.
    """

    @cache
    def hangs_on_the_page(endpoint: str) -> bool:
        parts = endpoint.split(".")[:-1]
        above = {".".join(parts[: n + 1]) for n in range(len(parts))}
        return endpoint.startswith(".") or bool({None, *above} & {*app.url_default_functions})

    @lru_cache(maxsize=4096, typed=True)
    def built(_root: str, endpoint: str, **values: int | Enum | None) -> str:
        return url_for(endpoint, **values)

    def address(endpoint: str, **values: object) -> str:
        if not all(map(_says_all, values.values())) or hangs_on_the_page(endpoint):
            return url_for(endpoint, **values)
        return built(request.script_root, endpoint, **values)

    return address


def _says_all(value: object) -> bool:
    # Not a yes or no: `_external=True` would bring in who was asked.
    return type(value) is int or value is None or isinstance(value, Enum)


def picture_url(key: str | None) -> str | None:
    """Return our address of a stored picture."""
    return _picture_url(request.script_root, key) if key else None


@lru_cache(maxsize=1024)
def _picture_url(_root: str, key: str) -> str:
    return url_for("public.pictures.show", key=key)
