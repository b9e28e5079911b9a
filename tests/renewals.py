"""A certification that ends, and Lena who renews it: for tests of cycles."""

from datetime import timedelta

from sqlalchemy import select

from portal.extensions import db
from portal.models import Award
from portal.services.learning import completions, enrolments
from tests.catalogues import make_certification
from tests.factories import make_badge, make_course
from tests.world import World

YEAR = timedelta(days=366)


class Renewal:
    """Lena, a course, and a certification that is valid for twelve months."""

    def __init__(self, world: World):
        self.world, self.lena, self.now = world, world.lena, world.now
        self.course = make_course(world.otto, "Safety at sea", badge=make_badge("Course"))
        self.certification = make_certification(
            world.otto, [self.course], badge=world.badge, validity_months=12, renewal_days=60
        )

    def enrol(self, learning_object, now):
        return completions.enrol(learner=self.lena, learning_object=learning_object, now=now)

    def first(self, now=None):
        now = now or self.now
        self.enrol(self.certification, now)
        self.take_course(now)
        return enrolments.enrolment_of(self.lena, self.certification)

    def take_course(self, now):
        self.enrol(self.course, now)
        completions.complete(learner=self.lena, course_id=self.course.id, now=now)

    def renew(self, now):
        completions.renew(learner=self.lena, certification=self.certification, now=now)
        self.take_course(now)
        return enrolments.enrolment_of(self.lena, self.certification)

    def awards(self):
        query = select(Award).filter_by(learning_object_id=self.certification.id)
        return db.session.scalars(query.order_by(Award.cycle)).all()

    def chain(self):
        """What is at practice Credly and counts: neither revoked nor replaced."""
        return [one for one in self.world.live() if not one["replacement_badge_id"]]
