"""A visitor's browser for tests: expects a status, checks what every page owes its reader."""

import re
from html import unescape

from flask import Flask, g
from flask.testing import FlaskClient

from portal.clock import utc_now
from portal.extensions import db, set_reading
from portal.models import Person
from portal.services.people import sessions

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class Page(str):
    """The text of a page with what its answer said besides."""

    status: int
    headers: dict
    location: str


class Client(FlaskClient):
    """Tests share one app context with the pages they open: who asked last must be forgotten."""

    def open(self, *args, **kwargs):
        g.pop("_login_user", None)
        answer = super().open(*args, **kwargs)
        # Werkzeug spools a large body to a file and leaves it to the garbage collector, whose
        # warning then hits whichever test happens to run.
        answer.request.environ["wsgi.input"].close()
        return answer


class Browser:
    """Opens pages and sends forms with the page's own token; protection is never switched off."""

    def __init__(self, app: Flask):
        self.app = app
        app.test_client_class = Client
        self.client: FlaskClient = app.test_client()

    def sign_in(self, person: Person) -> "Browser":
        """Become this person, with a session row as a real sign-in makes it."""
        set_reading(False)
        session_id = sessions.start(person, "a test", utc_now())
        name = self.app.session_interface.get_cookie_name(self.app)
        self.client.set_cookie(name, f"~{session_id}", domain="localhost")
        return self

    def get(self, url: str, *, expect: int = 200) -> Page:
        """Open a page."""
        return self._checked(self._ask("GET", url), expect)

    def post(self, url: str, *, expect: int = 302, page: str | None = None, **values) -> Page:
        """Send a form with the token of `page` (default: the form's own page)."""
        token = self.token_of(page or url)
        return self._checked(self._ask("POST", url, data={"csrf_token": token, **values}), expect)

    def send(self, url: str, *, expect: int, headers: dict | None = None, **values) -> Page:
        """Send values as they stand, without a token unless one is among them."""
        return self._checked(self._ask("POST", url, data=values, headers=headers), expect)

    def submit(self, url: str, *, expect: int = 302, **values) -> Page:
        """Open the page of a form, then send the form to the same address."""
        return self.post(url, expect=expect, **values)

    def token_of(self, url: str) -> str:
        """Return the CSRF token that a page carries."""
        found = CSRF.search(self._ask("GET", url).get_data(as_text=True))
        assert found, f"{url} holds no form"
        return found.group(1)

    def follow(self, page: Page) -> Page:
        """Open what a redirect leads to."""
        return self.get(page.location)

    def _ask(self, method: str, url: str, **more):
        db.session.rollback()
        db.session.expire_all()
        # The test's own app context outlives a request; who was signed in must not.
        vars(g._get_current_object()).clear()
        answer = self.client.open(url, method=method, **more)
        set_reading(False)
        db.session.rollback()
        db.session.expire_all()
        return answer

    def _checked(self, answer, expect: int) -> Page:
        is_text = answer.mimetype.startswith("text/")
        page = Page(unescape(answer.get_data(as_text=True)) if is_text else "")
        page.status, page.headers = answer.status_code, answer.headers
        page.location = answer.headers.get("Location", "")
        assert answer.status_code == expect, f"{answer.status_code} not {expect}: {_gist(page)}"
        if answer.mimetype == "text/html" and expect != 302 and "<html" in page:
            check_manners(answer.get_data(as_text=True), answer.headers)
        answer.close()
        return page


def _gist(page: str) -> str:
    """Return the words of a page, for the message of a failed test."""
    main = page.partition("<main")[2] or page
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())[:600]


def check_manners(html: str, headers) -> None:
    """What every page owes its reader."""
    assert html.count("<h1") == 1, "a page has one h1"
    assert re.search(r"<title>\s*\S", html), "a page has a title"
    assert 'lang="' in html, "a page names its language"
    assert "default-src 'none'" in headers["Content-Security-Policy"], "a page has its policy"
    assert not re.search(r"\sstyle=|<script>|\son[a-z]+=", html), "no inline style or script"
