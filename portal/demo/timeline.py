"""Twelve weeks in a few seconds: each thing happens at its own moment, in the order of moments."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from portal.demo.catalogue import Catalogue
from portal.demo.courses import COURSES
from portal.demo.desk import Desk
from portal.demo.learning import learning_deeds
from portal.demo.organizations import HARBOUR, TRIAL
from portal.demo.people import DOMAIN
from portal.demo.stories import CONNECTION_PAUSED, STORIES, TEMPLATE_ARCHIVED, End, Story
from portal.extensions import db
from portal.models import Connection, Course, CredlyState, Enrolment, IssuedBadge, Person
from portal.services.issuing import connections, reading_back, syncing
from portal.services.issuing.deliver import deliver
from portal.services.issuing.dispatch import claim_due
from portal.services.learning import completions, enrolments, objects
from portal.services.means import Means

Deed = Callable[[datetime], None]
UNDELIVERABLE = "Validation failed: Recipient email is on the suppression list"
PATH_CHANGED = timedelta(days=20)
RETIRED_COURSE = "handling"


class Timeline:
    """What happens, and when. What has happened already is passed over."""

    def __init__(self, desk: Desk, means: Means, now: datetime) -> None:
        self.desk, self.means, self.now = desk, means, now
        self._titles = {course.word: course.read()[0] for course in COURSES}

    def run(self) -> None:
        """Let everything happen, and let the portal do its work after each completion."""
        for moment, deed in sorted(self._deeds(), key=lambda one: one[0]):
            deed(moment)
        course = self._course(RETIRED_COURSE)
        objects.retire(actor=None, learning_object=course, now=self.now)

    def _deeds(self) -> Iterator[tuple[datetime, Deed]]:
        for number, story in enumerate(STORIES):
            yield from self._deeds_of(story, timedelta(hours=2 + number * 7 % 60))
        yield from learning_deeds(self.now, self.means, self._work)
        yield self.now - PATH_CHANGED, Catalogue(self.means, self.now).change
        yield self.now - TEMPLATE_ARCHIVED, self._archive
        yield self.now - CONNECTION_PAUSED, self._pause

    def _deeds_of(self, story: Story, later: timedelta) -> Iterator[tuple[datetime, Deed]]:
        at = self.now - story.before
        if story.end in {End.ENROLLED, End.WITHDRAWN}:
            yield at, partial(self._enrol, story)
        else:
            yield at - 3 * later, partial(self._enrol, story)
            yield at, partial(self._complete, story)
        if story.end is End.WITHDRAWN:
            yield at + later, partial(self._withdraw, story)
        if story.end in {End.ACCEPTED, End.REJECTED, End.REVOKED}:
            yield min(at + later, self.now), partial(self._answer, story)
        if story.end is End.REVOKED:
            yield min(at + 5 * later, self.now), partial(self._revoke, story)

    def _enrol(self, story: Story, now: datetime) -> None:
        learner, course = self._learner(story), self._course(story.course)
        query = select(Enrolment.id).filter_by(learner_id=learner.id, learning_object_id=course.id)
        if db.session.scalar(query.limit(1)) is None:
            completions.enrol(learner=learner, learning_object=course, now=now)

    def _withdraw(self, story: Story, _now: datetime) -> None:
        learner, course = self._learner(story), self._course(story.course)
        if enrolments.enrolment_of(learner, course):
            completions.withdraw(learner=learner, learning_object=course)

    def _complete(self, story: Story, now: datetime) -> None:
        learner, course = self._learner(story), self._course(story.course)
        if story.end is End.REFUSED:
            said = {"data": {"message": UNDELIVERABLE}, "metadata": {}}
            self.desk.plan(learner.email, status=422, json=said)
        elif story.end is End.PUT_OFF:
            self.desk.plan(learner.email, status=503, headers={"Retry-After": "3600"})
        completions.complete(learner=learner, course_id=course.id, now=now)
        self._work(now + timedelta(seconds=20))

    def _answer(self, story: Story, now: datetime) -> None:
        issued = self._issued(story)
        if issued.state == CredlyState.PENDING:
            wish = "reject" if story.end is End.REJECTED else "accept"
            self._press(issued, partial(self.desk.press, issued.credly_id, wish, now), now)

    def _revoke(self, story: Story, now: datetime) -> None:
        issued = self._issued(story)
        if issued.state == CredlyState.ACCEPTED:
            why = "Issued to the wrong person."
            self._press(issued, partial(self.desk.revoke, HARBOUR, issued.credly_id, why), now)

    def _press(self, issued: IssuedBadge, button: Callable[[], None], now: datetime) -> None:
        button()
        reading_back.check_now(issued=issued, now=now)
        while reading_back.read_next(self.means, now):
            continue
        db.session.expire_all()

    def _archive(self, now: datetime) -> None:
        tides = next(one for one in HARBOUR.templates if one.name.startswith("Tide"))
        self.desk.archive(HARBOUR, HARBOUR.template_id(tides))
        syncing.ask_for(connection=self._connection(HARBOUR.connection), actor=None, now=now)
        syncing.run_next(self.means, now)

    def _pause(self, now: datetime) -> None:
        connections.pause(connection=self._connection(TRIAL.connection), now=now)

    def _work(self, now: datetime) -> None:
        """Deliver what is due, as the portal's worker would have done then."""
        while claims := claim_due(limit=10, rules=self.means.rules, now=now):
            for claim in claims:
                deliver(claim.delivery_id, claim.owner, means=self.means, clock=lambda: now)
        db.session.expire_all()

    def _learner(self, story: Story) -> Person:
        query = select(Person).filter_by(email=f"{story.learner}@{DOMAIN}")
        return db.session.scalars(query).one()

    def _course(self, word: str) -> Course:
        return db.session.scalars(select(Course).filter_by(title=self._titles[word])).one()

    def _connection(self, name: str) -> Connection:
        query = select(Connection).filter_by(name=name)
        return db.session.scalars(query).one()

    def _issued(self, story: Story) -> IssuedBadge:
        badge_id = self._course(story.course).badge_id
        query = select(IssuedBadge).filter_by(learner_id=self._learner(story).id, badge_id=badge_id)
        return db.session.scalars(query).one()
