"""Every area the portal has; an area knows its pages."""

from flask import Flask

from portal.web import health, help, hooks
from portal.web.admin.area import bp as admin
from portal.web.api.area import bp as api
from portal.web.auth.area import bp as auth
from portal.web.author.area import bp as author
from portal.web.learner.area import bp as learner
from portal.web.public.area import bp as public


def register_pages(app: Flask) -> None:
    """Give the app its pages."""
    for blueprint in (auth, admin, author, learner, public, help.bp, health.bp, hooks.bp, api):
        app.register_blueprint(blueprint)
