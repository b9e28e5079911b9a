"""A connected portal to test delivery in: one organisation, one badge, one course, Lena."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from portal.extensions import db
from portal.models import Badge, Connection, Course, Delivery, DeliveryState, IssuedBadge, Person
from portal.services.issuing import badges, connections, syncing
from portal.services.issuing.claims import new_owner
from portal.services.issuing.deliver import deliver
from portal.services.issuing.dispatch import Claim, claim_due
from portal.services.issuing.reading_back import read_next
from portal.services.learning import completions
from portal.services.means import Means
from tests.factories import make_course, make_person
from tests.practice.desk import Desk


class World:
    """Everything stands ready; `complete` and `work` make it move. Time is passed in."""

    def __init__(self, app: Flask, credly: Desk, otto: Person, lena: Person, now: datetime) -> None:
        self.app, self.credly, self.otto, self.lena, self.now = app, credly, otto, lena, now
        self.means: Means = app.extensions["means"]
        self.template = credly.template(name="Knots")
        self.connection: Connection = connections.connect(
            name=f"Practice {credly.id}",
            organization_id=credly.id,
            token=credly.token,
            hostname=credly.practice.host,
            means=self.means,
            now=now,
        )
        self.badge = self.badge_of(self.template)
        self.course = make_course(otto, badge=self.badge)

    def badge_of(self, template: dict[str, Any]) -> Badge:
        """Bring a template of practice Credly in as a badge, by a sync."""
        syncing.ask_for(connection=self.connection, actor=None, now=self.now)
        assert syncing.run_next(self.means, self.now)
        waiting = badges.templates_to_add(self.connection, template["name"], 1).rows
        chosen = [one.id for one in waiting if one.credly_id == template["id"]]
        added = badges.add_from_templates(
            connection=self.connection, template_ids=chosen, now=self.now
        )
        return added[0]

    def complete(self, learner: Person | None = None, course: Course | None = None) -> Delivery:
        """Enrol and complete; return the newest delivery of the learner."""
        learner, course = learner or self.lena, course or self.course
        completions.enrol(learner=learner, learning_object=course, now=self.now)
        completions.complete(learner=learner, course_id=course.id, now=self.now)
        return self.delivery_of(learner)

    def completed_by(self, count: int) -> list[Delivery]:
        """Let `count` new learners complete the course."""
        return [self.complete(make_person(f"Learner Number{n}x")) for n in range(count)]

    def delivery_of(self, learner: Person) -> Delivery:
        """Return the learner's newest delivery as the database has it."""
        query = db.select(Delivery).join(IssuedBadge).where(IssuedBadge.learner_id == learner.id)
        return db.session.scalars(query.order_by(Delivery.id.desc())).first()

    def claims(self, after: float = 0, limit: int = 10) -> list[Claim]:
        """Claim what is due `after` seconds from now."""
        moment = self.now + timedelta(seconds=after)
        return claim_due(limit=limit, rules=self.means.rules, now=moment)

    def work(self, after: float = 0, limit: int = 10) -> list[DeliveryState | None]:
        """Claim and deliver what is due then, until a look finds nothing more."""
        states: list[DeliveryState | None] = []
        while found := self.claims(after, limit):
            states += [self.carry(claim, after) for claim in found]
        db.session.expire_all()
        return states

    def carry(self, claim: Claim, after: float = 0) -> DeliveryState | None:
        """Deliver one claim at that moment."""
        moment = self.now + timedelta(seconds=after)
        state = deliver(claim.delivery_id, claim.owner, means=self.means, clock=lambda: moment)
        db.session.expire_all()
        return state

    def read(self, after: float = 0) -> bool:
        """Read what is due at Credly at that moment."""
        done = read_next(self.means, self.now + timedelta(seconds=after))
        db.session.expire_all()
        return done

    def posts(self) -> list[dict[str, Any]]:
        """Return the issue calls that reached practice Credly for this organisation."""
        return [
            entry
            for entry in self.credly.log()
            if entry["method"] == "POST"
            and entry["path"].endswith("/badges")
            and self.credly.id in entry["path"]
        ]

    def live(self) -> list[dict[str, Any]]:
        """Return the badges of this organisation that are at practice Credly."""
        mine = [b for b in self.credly.ledger() if self.credly.id in str(b)]
        return [badge for badge in mine if badge["state"] != "revoked"]

    @staticmethod
    def stranger() -> str:
        """Return the name of a worker nobody knows."""
        return new_owner()
