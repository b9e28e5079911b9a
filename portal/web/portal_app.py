"""The app as Flask makes it, with what is ours: addresses, templates, and no asynchronous code."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from portal.web.addresses import PageRule
from portal.web.keeping import PageEnvironment


class PortalApp(Flask):
    """A Flask app whose addresses and templates are put together once."""

    url_rule_class = PageRule
    jinja_environment = PageEnvironment

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: none of ours is asynchronous.

        Flask would look at each of twenty on every request whether it is.
        """
        return func
