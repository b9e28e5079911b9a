"""What the factory put among the app's extensions, for page functions to pass on."""

from flask import current_app

from portal.services.means import Means


def means() -> Means:
    """Return the means that services work with."""
    return current_app.extensions["means"]
