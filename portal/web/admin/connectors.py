"""Connectors: the services that badges can be issued through."""

from flask import render_template

from portal.services.issuing import connections
from portal.web.access import page

bp = page("connectors")


@bp.get("")
def index() -> str:
    return render_template("admin/connectors/index.html", connections=connections.list_all())


@bp.get("/credly/getting-started")
def getting_started() -> str:
    return render_template("admin/connectors/getting_started.html")
