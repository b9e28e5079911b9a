"""Beginning a session in this browser, and where somebody who has just signed in is led."""

from ipaddress import IPv4Address, ip_address, ip_network
from urllib.parse import urlsplit

from flask import current_app, redirect, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.clock import utc_now
from portal.models import Person
from portal.services.people import proving, second_steps, sessions
from portal.web.forms.base import Form
from portal.web.means import means
from portal.web.sessions import forget, hand_over, id_in_cookie


def let_in(person: Person, url: str, way: str | None = None) -> Response:
    """Begin a session under a fresh id and go to `url`; what this browser had before ends.

    `way` says how somebody signed in, who was not before.
    """
    _end_this()
    for half_done in ("second_step", "sso"):
        session.pop(half_done, None)
    session_id = sessions.start(person, request.user_agent.string, utc_now(), way)
    answer = redirect(url)
    hand_over(current_app, session, answer, session_id)
    return answer


def welcome(person: Person, url: str, way: str) -> Response:
    """Let somebody in who has proven who they are, or ask for the second factor they have."""
    if person.second_factor_at is None:
        return let_in(person, url, way)
    session["second_step"], session["next"] = second_steps.begin(person, utc_now()), url
    return redirect(url_for("auth.second_step.index"))


def let_out(url: str) -> Response:
    """End this browser's session on the server, take its cookies away and go to `url`."""
    session_id = id_in_cookie(current_app, request)
    if session_id:
        sessions.sign_out(session_id, utc_now())
    answer = redirect(url)
    forget(current_app, session, answer)
    return answer


def wanted_page() -> str | None:
    """Take out the page a stranger asked for; None when there is none inside this portal."""
    url = session.pop("next", None)
    return url if isinstance(url, str) and is_local(url) else None


def is_local(url: str) -> bool:
    """Say whether an address stays here: a path, in no reading of any browser a host."""
    if not url.startswith("/") or url.startswith("//") or "\\" in url or not url.isprintable():
        return False
    parts = urlsplit(url)
    return not parts.scheme and not parts.netloc


def address() -> str:
    """Return where this request came from, for the brake.

    One line of IPv6 has 2^64 addresses and may use a new one for each try: its network counts.
    """
    remote = request.remote_addr or ""
    try:
        found = ip_address(remote.partition("%")[0])
    except ValueError:
        return remote
    if isinstance(found, IPv4Address):
        return str(found)
    # Where one socket takes both, IPv4 comes written as IPv6: those are lines of their own.
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


def _end_this() -> None:
    session_id = id_in_cookie(current_app, request)
    if session_id:
        sessions.end(session_id)


def prove_again(form: Form) -> None:
    """Ask who is at work for the present password, before something dangerous. Raises RuleBroken.

    The field is `password` of the form; whoever has no password is asked for none.
    """
    values = {"password": form.password.data or "", "remote": address(), "means": means()}
    proving.prove(person=current_user, **values, now=utc_now())
