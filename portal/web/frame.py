"""What the head of every page loads."""

import time
from functools import lru_cache
from typing import NamedTuple

from flask import request

from portal.web.static_files import static

SHEETS = (
    "vendor/tabler/tabler.min.css",
    "css/tokens.css",
    "css/frame.css",
    "css/parts.css",
    "css/plots.css",
)
SCRIPTS = ("vendor/htmx/htmx.min.js", "js/copy.js", "js/live.js", "js/menu.js", "js/once.js")


class FrameFiles(NamedTuple):
    """The addresses of these files; each changes with its file's content."""

    theme: str
    sheets: tuple[str, ...]
    scripts: tuple[str, ...]
    favicon: str
    touch_icon: str


def frame_files() -> FrameFiles:
    """Return the addresses. Whether a file was changed is looked at once a second."""
    return _looked_up(request.script_root, int(time.monotonic()))


@lru_cache(maxsize=8)
def _looked_up(_root: str, _second: int) -> FrameFiles:
    return FrameFiles(
        theme=static("js/theme.js"),
        sheets=tuple(static(name) for name in SHEETS),
        scripts=tuple(static(name) for name in SCRIPTS),
        favicon=static("img/favicon.svg"),
        touch_icon=static("img/icon-192.png"),
    )
