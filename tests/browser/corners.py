"""Pages that no link leads to: those of a mail, of a state the demo is not in, of an error."""

import contextlib
import logging
import re
import threading
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from flask import Flask, abort, render_template
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from portal.clock import utc_now
from portal.demo.people import PASSWORD
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import Award, AwardState, IssuedBadge, LinkPurpose, NotificationKind, Person
from portal.services.issuing import public_pages
from portal.services.people import addresses, notifications, people, second_factor
from portal.services.people.one_time_links import add_link
from portal.services.privacy import erasure
from tests.browser.demo import RunningDemo
from tests.browser.portal import free_port
from tests.databases import make_schema

ROOM_FOR_ALL = ["empty", "errors", "strangers", "admin", "integration_admin", "author", "learner"]
ERRORS = (400, 403, 404, 405, 410, 413, 429, 500, 503)
# What is no page to read: files, pictures, answers for machines, and ways to somewhere else.
NO_PAGE = re.compile(
    r"static|\.csv|\.png|\.zip|\.json|\.txt|\.svg|\.css|\.ico|/file|/picture|/card|/record$|/health"
    r"|/metrics|/hooks|/certificate$|/everything|/download|/pictures|/login/sso"
)


class Corners:
    """Brings the running demo into further states, and knows the addresses they have."""

    def __init__(self, demo: RunningDemo):
        self.demo = demo
        self.app = create_app({}, demo.folder / "instance" / "demo")
        self.signed_out: list[str] = []
        self.more: dict[str, list[str]] = {
            "admin": ["/admin/nowhere"],
            "integration_admin": ["/admin/people", "/learner/second-factor"],
            "author": ["/admin/"],
            "learner": ["/admin/", "/author/", "/learner/badges/999999"],
        }
        with self.app.app_context():
            set_reading(False)
            self.means = self.app.extensions["means"]
            self._people()
            self._public_pages()
            db.session.remove()

    def public(self) -> list[str]:
        """Return what somebody who has not signed in can be led to."""
        return [self.demo.url + one for one in self.signed_out]

    def of(self, role: str) -> list[str]:
        """Return what this person can type but not press."""
        return [self.demo.url + one for one in self.more[role]]

    def _person(self, word: str) -> Person:
        return people.find(f"{word}@demo.example")

    def _people(self) -> None:
        """Links of mails, an address to be proven, a second factor to be set up."""
        now, lena, noor = utc_now(), self._person("learner"), self._person("learner2")
        kind = NotificationKind.BADGE_ISSUED
        stop = notifications.stop_token(lena.id, kind, self.means.sealer)
        forgotten = add_link(noor, LinkPurpose.PASSWORD, now, life=timedelta(hours=6))
        db.session.commit()
        self.signed_out += [
            "/login",
            "/forgotten",
            f"/forgotten/{forgotten}",
            f"/invitation/{people.invite(self._person('amara.okafor'), now)}",
            "/invitation/over",
            f"/stop-mails/{stop}",
            "/nowhere",
        ]
        addresses.ask_badge(person=lena, email="lena@home.example", means=self.means, now=now)
        self.more["learner"].append("/learner/profile/addresses/badges/code")
        values = {"password": PASSWORD, "remote": "", "means": self.means}
        second_factor.begin(person=lena, **values, now=now)
        self.more["learner"] += [
            "/learner/second-factor/set-up",
            "/learner/second-factor/codes",
            "/learner/second-factor/switch-off",
        ]
        self._erasures(now)

    def _erasures(self, now) -> None:
        admin = self._person("admin")
        for word in ("liam.murphy", "mei.tanaka"):
            person = self._person(word)
            erasure.ask_for(actor=admin, person=person, reason="They asked.", now=now)
            self.more["admin"].append(f"/admin/people/{person.id}")
        self.more["admin"].append(f"/admin/people/{person.id}/erase/for-good")
        first = self._person("liam.murphy")
        award = db.session.scalars(select(Award).filter_by(learner_id=first.id)).first()
        if award is not None:
            page = public_pages.turn_on(award=award, now=now)
            self.signed_out.append(f"/b/{page.key}")
        values = {"typed": first.email, "revoke": False, "means": self.means}
        erasure.erase(actor=admin, person=first, **values, now=now)

    def _public_pages(self) -> None:
        """Turn a page on for a badge in each state, and one off again."""
        now, seen = utc_now(), set()
        query = select(Award).join(Person, Award.learner_id == Person.id)
        query = query.where(Award.state != AwardState.CANCELLED, Person.erased_at.is_(None))
        for award in db.session.scalars(query.outerjoin(IssuedBadge)):
            issued = award.issued_badge
            state = (
                award.state,
                issued.state if issued else None,
                bool(issued and issued.expires_at),
            )
            if state not in seen:
                seen.add(state)
                page = public_pages.turn_on(award=award, now=now)
                self.signed_out.append(f"/b/{page.key}")
        public_pages.turn_off(award=award)


class ErrorPages:
    """A portal whose addresses end in each error; `with` gives the addresses."""

    def __init__(self, folder: Path):
        self.port, self.instance = free_port(), folder / "errors"
        self.instance.mkdir()

    def __enter__(self) -> list[str]:
        logging.disable(logging.CRITICAL)  # it fails to order
        make_schema({}, self.instance)
        url = f"http://127.0.0.1:{self.port}"
        app = create_app({"PORT": str(self.port)}, self.instance)
        _fail_to_order(app)
        self.server = make_server("127.0.0.1", self.port, app, threaded=True)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return [f"{url}/fails/{code}" for code in ERRORS] + [f"{url}/fails/signed-out"]

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
        logging.disable(logging.NOTSET)


def _fail_to_order(app: Flask) -> None:
    @app.get("/fails/<int:code>")
    def fail(code: int) -> str:
        if code == 500:
            raise RuntimeError("to order")
        abort(code)

    @app.get("/fails/signed-out")
    def signed_out() -> str:
        return render_template("errors/signed_out.html", typed=[("reason", "What I wrote. " * 9)])


def not_looked_at(app: Flask, seen: set[str]) -> list[str]:
    """Return the pages of the portal that none of these addresses is."""
    places = app.url_map.bind("")
    found = set()
    for address in seen:
        with contextlib.suppress(HTTPException):
            found.add(places.match(urlsplit(address).path)[0])
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint not in found and not NO_PAGE.search(rule.rule)
    )
