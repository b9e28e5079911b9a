"""A course that people completed before it had a badge, for tests about earlier completions."""

from datetime import timedelta

from portal.extensions import db
from portal.models import Award, EarlierRow, Enrolment, EnrolmentState
from portal.services.learning import earlier, earlier_verdicts
from portal.services.learning.earlier_running import Pace, work_on
from portal.services.learning.sources import Source
from tests.factories import make_course, make_person

LONG_AGO = timedelta(days=400)


class Desk:
    """A course that people completed long before it had the badge of the world."""

    def __init__(self, world):
        self.world, self.now, self.otto = world, world.now, world.otto
        self.course = make_course(world.otto, "Ropes", badge=world.badge)
        self.source = Source(learning_object=self.course)

    def completed(self, name="Eva Earlier", *, success=True, course=None, days=400):
        learner = make_person(name)
        at = self.now - timedelta(days=days)
        db.session.add(
            Enrolment(
                learner_id=learner.id,
                learning_object_id=(course or self.course).id,
                state=EnrolmentState.COMPLETED,
                enrolled_at=at,
                completed_at=at,
                success=success,
            )
        )
        db.session.commit()
        return learner

    def given(self, learner, **values):
        values = {"learning_object_id": self.course.id, "earned_at": self.now - LONG_AGO, **values}
        award = Award(learner_id=learner.id, badge_id=self.world.badge.id, **values)
        db.session.add(award)
        db.session.commit()
        return award

    def verdicts(self, **filters):
        asked = {"q": "", "outcome": "", **filters}
        page = earlier_verdicts.list_of(self.source, self.course.badge, now=self.now, **asked)
        return {one.learner.first_name: one.verdict for one in page.rows}

    def start(self, **values):
        values = {"reason": "They were there first", "suppress_mail": False, **values}
        return earlier.start(actor=self.otto, source=self.source, now=self.now, **values)

    def run(self, **values):
        run = self.start(**values)
        while work_on(self.world.means, self.now, Pace(seconds=600)):
            pass
        db.session.refresh(run)
        return run

    def outcomes(self, run):
        db.session.expire_all()
        rows = db.session.scalars(db.select(EarlierRow).filter_by(run_id=run.id))
        return {row.learner.first_name: row.outcome for row in rows}
