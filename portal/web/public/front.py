"""The front door, and the stylesheet with the portal's own colour."""

from flask import Blueprint, Response, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from portal.web.access import home, to_sign_in

BRAND = "#2b5fb4"

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


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    return redirect(url_for("static", filename="img/favicon.svg"))
