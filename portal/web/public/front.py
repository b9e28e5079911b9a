"""The front door, and the stylesheet with the portal's own colour."""

import json

from flask import Blueprint, Response, current_app, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.web.access import home, to_sign_in
from portal.web.filters import static

BRAND = "#2b5fb4"
ICONS = (
    ("icon-192", "192x192", {}),
    ("icon-512", "512x512", {}),
    ("icon-maskable", "512x512", {"purpose": "maskable"}),
)

bp = Blueprint("front", __name__)


@bp.get("/")
def index() -> AnyResponse:
    if not current_user.is_authenticated:
        return to_sign_in()
    return redirect(home())


@bp.get("/brand.css")
def brand_css() -> Response:
    answer = Response(f":root{{--brand:{BRAND}}}\n", content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """Say how the portal is installed on a phone or a desk: as a window of its own."""
    name = current_app.config["PORTAL_NAME"]
    words = {
        "name": name,
        "short_name": name[:12].strip(),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f8fb",
        "theme_color": BRAND,
        "icons": [
            {"src": static(f"img/{file}.png"), "sizes": sizes, "type": "image/png", **more}
            for file, sizes, more in ICONS
        ],
    }
    answer = Response(json.dumps(words), content_type="application/manifest+json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    return redirect(url_for("static", filename="img/favicon.svg"))
