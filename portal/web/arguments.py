"""What the address of a list says, made harmless."""

from flask import request

from portal.services.slices import END, START, Place

LAST_PAGE = 1_000_000
SHOWN = "shown"  # what a part that follows by itself shows already; no link takes it along
OF_URL_FOR = {"endpoint", "_anchor", "_external", "_method", "_scheme"}


def page_number() -> int:
    """Return the page that was asked for; the first when that is no number."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        return 1
    return min(max(1, int(text)), LAST_PAGE)


def place() -> Place:
    """Return where the page of a long list begins; at the start when the address says nothing."""
    if request.args.get("page") == "last":
        return END
    for name in ("after", "before"):
        for row_id in _ids([request.args.get(name, "")]):
            return Place(**{name: row_id})
    return START


def text_argument(name: str, longest: int = 200) -> str:
    """Return a word of the address, trimmed and cut, without control characters."""
    text = request.args.get(name, "")[:longest]
    return "".join(sign for sign in text if sign.isprintable()).strip()


def kept_arguments(*without: str) -> dict[str, str]:
    """Return what the address asks for, to stay in another address of this page.

    Left out are the names that mean something to `url_for` itself: with them a link that
    somebody made up would decide where ours lead, or end in a failure.
    """
    taken = {*without, SHOWN, *OF_URL_FOR, *(request.view_args or {})}
    return {name: value for name, value in request.args.items() if name not in taken}


def number_of(name: str) -> int:
    """Return the id a form sent under this name; 0, which no row has, when it is none."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def chosen_ids(name: str, most: int = 500) -> list[int]:
    """Return the ids that a form's checkboxes of this name stand for."""
    return _ids(request.form.getlist(name)[:most])


def asked_ids(name: str, most: int = 100) -> list[int]:
    """Return the ids of this name in the address."""
    return _ids(request.args.getlist(name)[:most])


def _ids(texts: list[str]) -> list[int]:
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 10]
