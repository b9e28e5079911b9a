"""The front door, and the stylesheet with the portal's own colour."""

import json

from flask import Blueprint, Response, redirect, request
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.colours import bright, deep
from portal.services.running.known import Logo
from portal.web.access import home, to_sign_in
from portal.web.addresses import picture_url
from portal.web.filters import looks_mark
from portal.web.means import means
from portal.web.static_files import static

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
    brand = means().known.now.brand
    shades = {"brand": brand, "brand-deep": deep(brand), "brand-bright": bright(brand)}
    sheet = ";".join(f"--{name}:{colour}" for name, colour in shades.items())
    return _kept(Response(f":root{{{sheet}}}\n", content_type="text/css; charset=utf-8"))


@bp.get("/manifest.webmanifest")
def manifest() -> Response:
    """Say how the portal is installed on a phone or a desk: as a window of its own."""
    known = means().known.now
    words = {
        "name": known.name,
        "short_name": known.name[:12].strip(),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f8fb",
        "theme_color": known.brand,
        "icons": _icons(known.logo),
    }
    return _kept(Response(json.dumps(words), content_type="application/manifest+json"))


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    logo = means().known.now.logo
    return redirect(picture_url(logo.icon) if logo else static("img/favicon.svg"))


def _icons(logo: Logo | None) -> list[dict[str, str]]:
    """The icons: those of the logo, which has room around it for any shape; else ours."""
    if logo is None:
        return [
            {"src": static(f"img/{file}.png"), "sizes": sizes, "type": "image/png", **more}
            for file, sizes, more in ICONS
        ]
    src = picture_url(logo.icon)
    return [
        {"src": src, "sizes": "512x512", "type": "image/png", "purpose": purpose}
        for purpose in ("any", "maskable")
    ]


def _kept(answer: Response) -> Response:
    """Let it be kept: for long under an address with the mark of the looks, else for a minute."""
    long = request.args.get("v") == looks_mark(means().known.now)
    answer.headers["Cache-Control"] = f"public, max-age={31536000 if long else 60}"
    return answer
