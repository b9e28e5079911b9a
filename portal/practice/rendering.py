"""Turning templates into pages. Everything is escaped; no page carries script or inline style."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.practice.answers import Answer

HTML = Path(__file__).parent / "html"
_pages = Environment(
    loader=FileSystemLoader(HTML),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, status: int = 200, /, **values: Any) -> Answer:
    text = _pages.get_template(name).render(**values)
    headers = {"Cache-Control": "no-store"}
    return Answer(status, text.encode(), headers, "text/html; charset=utf-8")


def see(path: str) -> Answer:
    """Send the browser on to a page, so that a reload does not press the button again."""
    return Answer(303, b"", {"Location": path}, "text/plain; charset=utf-8")
