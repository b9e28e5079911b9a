"""A place on a stage: an organisation at practice Credly, its connection, a badge and a course."""

import uuid
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from portal.clock import utc_now
from portal.extensions import db
from portal.models import (
    Badge,
    Connection,
    Course,
    Delivery,
    DeliveryState,
    EarlierCredlyId,
    IssuedBadge,
    Person,
    TrailEntry,
)
from portal.services.issuing import connections, deliveries
from portal.services.learning import completions
from tests.demo.processes import wait_until
from tests.factories import make_badge, make_course, make_person, make_template
from tests.faults.ledgers import ON_ITS_WAY, Balance, Held, Key, compare
from tests.practice.desk import Desk

if TYPE_CHECKING:
    from tests.faults.stage import Stage


class Place:
    """Nobody else's faults reach it: plans are made for its own organisation alone."""

    def __init__(self, stage: "Stage", **template: Any) -> None:
        self.stage, self.credly = stage, Desk(stage.practice)
        self.template = self.credly.template(name="Knots", **template)
        self.promised: set[Key] = set()
        with stage.inside():
            connection = connections.connect(
                name=f"Place {self.credly.id}",
                organization_id=self.credly.id,
                token=self.credly.token,
                hostname=stage.practice.host,
                means=stage.means,
                now=utc_now(),
            )
            self.connection_id, self.course_id = connection.id, 0
            self.course_id = self.add_course(connection, self.template)

    def add_course(self, connection: Connection, template: dict[str, Any]) -> int:
        """Publish a course whose badge this template backs; return its id."""
        copy = make_template(
            connection,
            template["name"],
            credly_id=template["id"],
            allow_duplicates=template["allow_duplicate_badges"],
        )
        owner = make_person("Otto Author", email=f"{uuid.uuid4().hex}@example.org")
        return make_course(owner, badge=make_badge(template=copy)).id

    def new_learner(self) -> int:
        """Let somebody join; return their id."""
        with self.stage.inside():
            return make_person("Lena Learner", email=f"{uuid.uuid4().hex}@example.org").id

    def complete(self, count: int = 1) -> list[int]:
        """Let new learners complete the course; every one of them is promised the badge."""
        return [self.completed_by(self.new_learner()) for _number in range(count)]

    def complete_after_silence(self, count: int) -> None:
        """Let several complete when nobody has called this Credly for some time."""
        with self.stage.inside():
            db.session.get_one(Connection, self.connection_id).proven_at = None
            db.session.commit()
        self.complete(count)

    def completed_by(self, learner_id: int) -> int:
        """Let this learner complete the course and note the promise."""
        with self.stage.inside():
            learner = db.session.get_one(Person, learner_id)
            course = db.session.get_one(Course, self.course_id)
            completions.enrol(learner=learner, learning_object=course, now=utc_now())
            completions.complete(learner=learner, course_id=course.id, now=utc_now())
        self.promise(learner_id)
        return learner_id

    def promise(self, learner_id: int) -> None:
        """Note that this learner was told that the badge is theirs."""
        with self.stage.inside():
            earner_id = db.session.get_one(Person, learner_id).earner_id
        self.promised.add((earner_id, self.template["id"]))

    def plan(self, *steps: dict[str, Any], path: str = "/badges$", method: str = "POST") -> None:
        """Let practice Credly misbehave, for this organisation alone, in the order given."""
        match = {"method": method, "path": path, "organization": self.credly.id}
        made = [{"match": match, **step} for step in steps]
        self.credly.control("POST", "plan", {"steps": made})

    def calls(self) -> list[dict[str, Any]]:
        """Return what reached practice Credly for this organisation."""
        return [one for one in self.credly.log() if one["organization"] == self.credly.id]

    def posts(self) -> list[dict[str, Any]]:
        """Return the issue calls among them."""
        return [one for one in self.calls() if (one["method"], one["path"][-7:]) == POST]

    def badges(self) -> list[dict[str, Any]]:
        """Return what practice Credly holds for this organisation."""
        return [b for b in self.credly.ledger() if b["organization_id"] == self.credly.id]

    def states(self) -> Counter[str]:
        """Count our deliveries by state."""
        with self.stage.inside():
            query = db.select(Delivery.state, db.func.count())
            query = query.filter_by(connection_id=self.connection_id).group_by(Delivery.state)
            return Counter({row[0].value: row[1] for row in db.session.execute(query)})

    def deliveries(self) -> list[Delivery]:
        """Return our deliveries as the database has them now."""
        with self.stage.inside():
            query = db.select(Delivery).filter_by(connection_id=self.connection_id)
            return list(db.session.scalars(query.order_by(Delivery.id)))

    def the_delivery(self) -> Delivery:
        """Return the only delivery."""
        (one,) = self.deliveries()
        return one

    def reasons(self) -> list[str]:
        """Return what the trail of our deliveries says happened, in order."""
        with self.stage.inside():
            query = db.select(TrailEntry).join(Delivery, TrailEntry.delivery_id == Delivery.id)
            query = query.where(Delivery.connection_id == self.connection_id)
            entries = db.session.scalars(query.order_by(TrailEntry.id))
            return [entry.message["code"] for entry in entries if entry.message]

    def connection(self) -> Connection:
        """Return the connection as the database has it now."""
        with self.stage.inside():
            return db.session.get_one(Connection, self.connection_id)

    def until(self, *states: str) -> None:
        """Wait until every delivery is in one of these states."""
        wait_until(lambda: self.states().keys() <= set(states))

    def until_trail(self, code: str) -> None:
        """Wait until the trail says this."""
        wait_until(lambda: code in self.reasons())

    def retry(self) -> None:
        """Press Retry on every open delivery, as an administrator does."""
        self._press(deliveries.retry)

    def cancel(self) -> None:
        """Press Cancel on every open delivery."""
        self._press(deliveries.cancel)

    def _press(self, button: Callable[..., None]) -> None:
        with self.stage.inside():
            actor = make_person("Ada Admin", roles={"admin"}, email=f"{uuid.uuid4().hex}@x.org")
            query = db.select(Delivery).filter_by(connection_id=self.connection_id)
            for delivery in db.session.scalars(query).all():
                if delivery.is_open:
                    button(actor=actor, delivery=delivery, now=utc_now())

    def earners(self) -> list[str]:
        """Return the ids that Credly is told, in the order in which the badges were earned."""
        with self.stage.inside():
            query = db.select(Person.earner_id).join(
                IssuedBadge, IssuedBadge.learner_id == Person.id
            )
            query = query.join(Delivery, Delivery.issued_badge_id == IssuedBadge.id)
            query = query.where(Delivery.connection_id == self.connection_id)
            return list(db.session.scalars(query.order_by(Delivery.id)))

    def seconds(self) -> list[float]:
        """Return how long each call took, as the trail has it."""
        with self.stage.inside():
            query = db.select(TrailEntry.seconds).join(
                Delivery, TrailEntry.delivery_id == Delivery.id
            )
            query = query.where(Delivery.connection_id == self.connection_id)
            return [one for one in db.session.scalars(query) if one is not None]

    def recipient(self, learner_id: int) -> dict[str, str]:
        """Return what a badge that was issued by hand says of this learner."""
        with self.stage.inside():
            learner = db.session.get_one(Person, learner_id)
            return {"recipient_email": learner.email, "issuer_earner_id": learner.earner_id}

    def drained(self) -> Balance:
        """Wait until nothing is on its way any more, and balance the three ledgers."""
        wait_until(lambda: not self.states().keys() & ON_ITS_WAY)
        return self.balance()

    def balance(self) -> Balance:
        """Compare the three ledgers as they are now."""
        return compare(self.promised, self._held(), self.badges(), len(self.posts()))

    def _held(self) -> list[Held]:
        with self.stage.inside():
            badge = db.select(Badge.id).where(Badge.connection_id == self.connection_id)
            query = db.select(IssuedBadge).where(IssuedBadge.badge_id.in_(badge))
            return [self._one_held(issued) for issued in db.session.scalars(query)]

    def _one_held(self, issued: IssuedBadge) -> Held:
        newest = db.select(Delivery.state).filter_by(issued_badge_id=issued.id)
        state: DeliveryState | None = db.session.scalar(newest.order_by(Delivery.id.desc()))
        earlier = db.select(EarlierCredlyId.credly_id).filter_by(issued_badge_id=issued.id)
        return Held(
            (issued.learner.earner_id, issued.badge.external_badge_id or ""),
            issued.credly_id,
            state.value if state else "none",
            frozenset(db.session.scalars(earlier)),
        )

    def own_books(self) -> dict[str, int]:
        """What the portal's own books find on the whole stage, without what is empty."""
        return self.stage.own_books()


POST = ("POST", "/badges")
