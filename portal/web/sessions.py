"""Sessions: a signed cookie for strangers, a row in the database for people who signed in.

The row holds who it is and the CSRF token; what a page says once (a flash) travels in a signed
cookie of its own, so that reading a page never writes to the database.
"""

import hashlib
import logging
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response, g
from flask import session as session_here
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from sqlalchemy.exc import OperationalError

from portal.clock import utc_now
from portal.extensions import db, hardly_waiting, reading, set_reading
from portal.services.people import sessions
from portal.services.people.sessions import SignedIn
from portal.web import problems
from portal.web.means import means

log = logging.getLogger(__name__)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
ID_MARK = "~"  # tells a session id from a signed cookie
ONCE = ("_flashes", "next", "second_step", "sso")


class SignedInSession(SecureCookieSession):
    """The session of somebody who signed in; `id_hash` names its row."""

    id_hash: str
    due_for_touch: bool = False
    # Held for as long as the request: else who was just read is forgotten, and read once more.
    row: SignedIn


class SessionInterface(SecureCookieSessionInterface):
    """Opens and saves both kinds. Unknown and ended ids are never adopted."""

    salt = "session"
    digest_method = staticmethod(hashlib.sha256)  # Flask would sign with SHA-1

    def once_cookie_name(self, app: Flask) -> str:
        """The cookie for what is said once."""
        return self.get_cookie_name(app) + "-once"

    def open_session(self, app: Flask, request: Request) -> SessionMixin:
        """Return the session of this browser."""
        # Set before the first query: what only reads does not wait for SQLite's writer.
        set_reading(request.method in SAFE_METHODS)
        if problems.wanted():
            return self.session_class()  # whoever comes with a token has no session, cookie or not
        value = request.cookies.get(self.get_cookie_name(app), "")
        if value.startswith(ID_MARK):
            try:
                return self._signed_in(app, request, value[1:]) or self.session_class()
            except OperationalError:
                # Raised here it would end without a page of ours: `errors` answers instead.
                g.database_refused = True
                return self.session_class()
        return super().open_session(app, request)

    def _signed_in(self, app: Flask, request: Request, session_id: str) -> SignedInSession | None:
        now = utc_now()
        with reading():  # even before a form is sent: SQLite's writer is not needed for this
            row = sessions.find(session_id, now, means().known)
        if row is None:
            return None
        once = self._unsigned(app, request.cookies.get(self.once_cookie_name(app), ""))
        session = SignedInSession(once)
        session.update(_user_id=str(row.person.id), _fresh=True, csrf_token=row.csrf_token)
        session.id_hash, session.row = row.id_hash, row
        # A page that looks again by itself does not mean that somebody is there.
        session.due_for_touch = (
            "HX-Request" not in request.headers and now - row.last_seen_at > sessions.TOUCH_EVERY
        )
        session.modified = False
        if request.method not in SAFE_METHODS:
            # What begins as a reader must not go on as a writer. Nothing was written, and a
            # rollback would forget the person who was just read.
            db.session.commit()
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send what must be kept, and note at most once a minute that the session is in use."""
        if not isinstance(session, SignedInSession):
            if getattr(session, "handed_over", False):
                self._save_once(app, session, response)
            else:
                super().save_session(app, session, response)
            return
        self._save_once(app, session, response)
        if session.due_for_touch and response.status_code < 500:
            _touch(session.id_hash)

    def _save_once(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not session.modified:
            return
        values = {name: session[name] for name in ONCE if name in session}
        name = self.once_cookie_name(app)
        if values:
            signed = self.get_signing_serializer(app).dumps(values)
            response.set_cookie(name, signed, max_age=600, **cookie_manners(app))
        else:
            response.delete_cookie(name, **cookie_manners(app))

    def _unsigned(self, app: Flask, value: str) -> dict[str, Any]:
        if not value:
            return {}
        try:
            found = self.get_signing_serializer(app).loads(
                value, max_age=int(timedelta(minutes=10).total_seconds())
            )
        except Exception:  # noqa: BLE001 — whatever a stranger put there is no session
            return {}
        return {name: found[name] for name in ONCE if name in found}


def _touch(id_hash: str) -> None:
    """Note that the session is in use, or leave it to the next page if the database is busy.

    The page is ready by now, and what is raised here would end without a page of ours.
    """
    db.session.remove()  # the page's own transaction only reads
    try:
        with reading(False), hardly_waiting():
            sessions.touch(id_hash, utc_now())
    except OperationalError:
        log.warning("the session was not touched: the database is busy")
        db.session.remove()


def unread_count() -> int:
    """Return how many notifications the reader of this page has not read, at most a hundred."""
    row = getattr(session_here, "row", None)
    return row.unread if row else 0


def cookie_manners(app: Flask) -> dict[str, Any]:
    """Return the attributes that every cookie of ours has."""
    return {
        "path": "/",
        "secure": app.config["SESSION_COOKIE_SECURE"],
        "httponly": True,
        "samesite": "Lax",
    }


def hand_over(app: Flask, session: SessionMixin, response: Response, session_id: str) -> None:
    """Replace the stranger's cookie by the id of a session that has just begun."""
    session.handed_over = True
    name = app.session_interface.get_cookie_name(app)
    response.set_cookie(name, ID_MARK + session_id, **cookie_manners(app))


def forget(app: Flask, session: SessionMixin, response: Response) -> None:
    """Take every cookie of ours away from this browser."""
    session.clear()
    session.handed_over = True
    name = app.session_interface.get_cookie_name(app)
    for cookie in (name, name + "-once"):
        response.delete_cookie(cookie, **cookie_manners(app))
    response.headers["Clear-Site-Data"] = '"cookies", "storage", "cache"'


def id_in_cookie(app: Flask, request: Request) -> str | None:
    """Return the session id this browser sent, known or not."""
    value = request.cookies.get(app.session_interface.get_cookie_name(app), "")
    return value[1:] if value.startswith(ID_MARK) else None
