"""Doors: an area is shut to everyone without one of its roles; a page may narrow it further."""

from flask import Blueprint, abort, current_app, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.models import Role
from portal.services.people import people, second_factor
from portal.web.means import means

SET_UP = "learner.second_factor"


def area(name: str, *roles: Role) -> Blueprint:
    """Return the blueprint of an area. Without roles it is open to everybody who signed in."""
    blueprint = Blueprint(name, __name__, url_prefix=f"/{name}")
    blueprint.before_request(lambda: _guard(roles))
    return blueprint


def page(name: str, *roles: Role, prefix: str | None = None) -> Blueprint:
    """Return the blueprint of a page inside an area; roles narrow the area's door."""
    address = f"/{name.replace('_', '-')}" if prefix is None else prefix
    blueprint = Blueprint(name, __name__, url_prefix=address)
    if roles:
        blueprint.before_request(lambda: _guard(roles))
    return blueprint


def _guard(roles: tuple[Role, ...]) -> Response | None:
    if not current_user.is_authenticated:
        return to_sign_in()
    if second_factor.must_set_up(current_user, means()) and request.blueprint != SET_UP:
        return _to_set_up()
    if roles and not current_user.roles & set(roles):
        abort(403)
    return None


def _to_set_up() -> Response:
    """Send staff without a second factor to where they set it up, and back here afterwards."""
    url = url_for("learner.second_factor.index")
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": url})
    if request.method == "GET":
        session["next"] = request.full_path.rstrip("?")
    return redirect(url)


def with_passwords_only() -> None:
    """Shut pages about passwords where the portal takes none."""
    if not means().local_sign_in:
        abort(404)


def to_sign_in() -> Response:
    """Send a stranger to the sign-in page, and back here afterwards when this is a page."""
    if not people.any_admin():
        return redirect(url_for("auth.setup.index"))
    if "HX-Request" in request.headers:  # the page itself must go there, not a piece of it
        return Response(status=204, headers={"HX-Redirect": url_for("auth.sign_in.index")})
    if request.method == "GET":
        session["next"] = request.full_path.rstrip("?")
    return redirect(url_for("auth.sign_in.index"))


def same_site_only() -> None:
    """Refuse unsafe requests that another site made, before anything else looks at them."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    # Another host of the same organisation ("same-site") is another site to us.
    if site not in {None, "same-origin", "none"}:
        abort(403)
    if site is None and origin is not None and origin not in _our_origins():
        abort(403)


def _our_origins() -> set[str]:
    return {current_app.config["PUBLIC_URL"], request.host_url.rstrip("/")}


def home() -> str:
    """Return the address where this person's day begins."""
    if current_user.roles & {Role.ADMIN, Role.INTEGRATION_ADMIN}:
        return url_for("admin.dashboard.index")
    if Role.AUTHOR in current_user.roles:
        return url_for("author.home.index")
    return url_for("learner.home.index")
