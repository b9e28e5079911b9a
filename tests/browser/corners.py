"""Pages that no link leads to: those of a mail, of a state the demo is not in, of an error."""

import contextlib
import io
import re
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from portal.clock import utc_now
from portal.demo.people import PASSWORD
from portal.extensions import db, set_reading
from portal.factory import create_app
from portal.models import (
    Award,
    AwardState,
    Badge,
    Course,
    Enrolment,
    ImportState,
    IssuedBadge,
    LinkPurpose,
    NotificationKind,
    Person,
)
from portal.services.importing import imports
from portal.services.issuing import public_pages
from portal.services.learning import earlier, skills, sources, undo
from portal.services.people import addresses, api_tokens, notifications, people, second_factor
from portal.services.people.one_time_links import add_link
from portal.services.privacy import erasure
from tests.browser.demo import RunningDemo
from tests.services.importing.conftest import file_of, row

ROOM_FOR_ALL = ["empty", "errors", "strangers", "admin", "integration_admin", "author", "learner"]
# What is no page to read: files, pictures, answers for machines, and ways to somewhere else.
NO_PAGE = re.compile(
    r"static|\.csv|\.png|\.zip|\.json|\.txt|\.svg|\.css|\.ico|/file|/picture|/card|/record$|/health"
    r"|/metrics|/hooks|/certificate|^/$|<file_name>|/everything|/download|/pictures|/login/sso"
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
            self._work_of_staff()
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
        values = {"password": PASSWORD, "remote": "", "means": self.means}
        addresses.ask_badge(person=lena, email="lena@home.example", **values, now=now)
        self.more["learner"].append("/learner/profile/addresses/badges/code")
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

    def _work_of_staff(self) -> None:
        """A file with a bad row, an undone completion, a run of earlier ones, a spare skill."""
        now, admin = utc_now(), self._person("admin")
        self._person("kaisa.virtanen").second_factor_at = now
        db.session.commit()
        self.more["admin"] += [
            f"/admin/people/{self._person('kaisa.virtanen').id}/second-factor",
            *self._imports(admin, now),
        ]
        plan = skills.LevelPlan(credits=3)
        words = {"name": "Spare skill", "description": ""}
        spare = skills.create(actor=admin, **words, plans=[plan], now=now)
        self.more["admin"] += [f"/admin/skills/{spare.id}", f"/admin/skills/{spare.id}/delete"]
        award = db.session.scalars(
            select(Award).join(IssuedBadge).where(IssuedBadge.state == "accepted")
        ).first()
        self.more["admin"].append(f"/admin/awards/{award.id}/revoke")
        for who in ("admin", "author"):
            self.more[who] += self._undone(now)
            self._token(self._person(who), now)
        self.more["admin"] += self._earlier(admin, now)

    def _token(self, person: Person, now: datetime) -> None:
        """A token for another system, which lists then lead to."""
        scopes = api_tokens.scopes_of(person)
        values = {"name": f"Staff list of {person.first_name}", "scopes": scopes, "days": 30}
        api_tokens.make(person=person, **values, now=now)

    def _imports(self, admin: Person, now: datetime) -> list[str]:
        places = []
        rows = (row(901, "Spare knots"), row(902, "Odd", state="Aktiv"))
        for _time in range(2):
            sent = {"stream": io.BytesIO(file_of(*rows)), "file_name": "badge.csv"}
            run = imports.upload(actor=admin, kind="badges", means=self.means, now=now, **sent)
            self._until(run, "state", ImportState.READY)
            places.append(f"/admin/imports/{run.id}")
        places += [f"{places[0]}/cancel", f"{places[0]}/rows?kind=failed"]
        imports.start(actor=admin, run=run, now=now)
        self._until(run, "state", ImportState.DONE)
        return places

    def _until(self, row: Any, name: str, wanted: object) -> None:
        """Wait until the demo's own engine has brought a row so far."""
        ends = time.monotonic() + 60
        number, kind = row.id, type(row)
        while getattr(db.session.get(kind, number, populate_existing=True), name) != wanted:
            assert time.monotonic() < ends, f"{kind.__name__} {number} is not {wanted}"
            db.session.rollback()  # or the engine could not write
            time.sleep(0.2)

    def _undone(self, now: datetime) -> list[str]:
        """Take back a completion whose badge had left, and return its pages."""
        query = select(Award).join(IssuedBadge).where(IssuedBadge.state == "accepted")
        query = query.where(Award.learning_object_id.is_not(None), Award.state == AwardState.EARNED)
        for award in db.session.scalars(query.order_by(Award.id.desc())):
            about = db.session.get(Course, award.learning_object_id)
            done = db.session.scalars(
                select(Enrolment)
                .filter_by(learner_id=award.learner_id, learning_object_id=award.learning_object_id)
                .where(Enrolment.completed_at.is_not(None))
            ).first()
            if about is not None and done is not None:
                actor = self._person("author")
                undo.undo(actor=actor, enrolment=done, reason="A mistake of ours.", now=now)
                at = f"/author/courses/{about.id}/learners/{done.id}/undone"
                return [at, f"{at}/{award.id}/revoke"]
        return []

    def _earlier(self, admin: Person, now: datetime) -> list[str]:
        """Give a badge to a course that people have completed without one, and award them."""
        done = select(Enrolment.learning_object_id).where(Enrolment.completed_at.is_not(None))
        course = db.session.scalars(
            select(Course).where(Course.badge_id.is_(None), Course.id.in_(done))
        ).first()
        course.badge = db.session.scalars(select(Badge).where(Badge.own_name.is_(None))).first()
        db.session.commit()
        source = sources.find("objects", course.id)
        wishes = {"reason": "They learned it before.", "suppress_mail": True}
        run = earlier.start(actor=admin, source=source, **wishes, now=now)
        at = f"/author/earlier-completions/{run.id}"
        return [at, f"{at}/undo"]


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
