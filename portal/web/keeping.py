"""What pages keep from one request to the next, so that they need not be put together anew."""

from collections.abc import Callable, MutableMapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from flask import request
from flask.sansio.app import App
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from portal.web.language import locale_here

# A macro whose pieces are the same on every page, made once for the same values. `typed` tells a
# text that is to be escaped from one that is HTML already.
kept = lru_cache(maxsize=2048, typed=True)


def kept_in_words(macro: Callable[..., str]) -> Callable[..., str]:
    """Keep what a macro gives for the same values in the same language.

    For pieces that many readers see, and whose values say everything: no clock, no reader.
    """
    drawn = lru_cache(maxsize=512, typed=True)(lambda _language, _root, *given: macro(*given))
    return lambda *given: drawn(locale_here(), request.script_root, *given)


class PageEnvironment(Environment):
    """Templates in which an unknown name is an error, with the same globals for all of them.

    Jinja lays a map of its own over them for each template, and looks through it at every import.
    All templates stay in memory: a store that forgets some looks through the others at each import.
    """

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, undefined=StrictUndefined, cache_size=-1, **options)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template."""
        return super().make_globals(d) if d else self.globals


class CompiledTemplates(FileSystemBytecodeCache):
    """Templates as Python runs them, kept in a folder. A full disk costs time, no page."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template if the disk takes it: the page can be shown in any case."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
