"""Answering a button: do it, say how it went, go back."""

from collections.abc import Callable

from flask import flash, redirect
from werkzeug.wrappers import Response

from portal.errors import RuleBroken
from portal.wording import words


def after(work: Callable[[], object], said: str, url: str) -> Response:
    """Carry out `work`, say `said` or what rule stood in the way, and go to `url`."""
    try:
        work()
    except RuleBroken as broken:
        flash(words(broken.message), "danger")
    else:
        flash(said, "success")
    return redirect(url)
