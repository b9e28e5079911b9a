"""Renewals of certifications whose badge was revoked."""

import pytest

from portal.services.issuing import operations
from portal.services.learning import completions, enrolments
from tests.renewals import YEAR, Renewal


@pytest.fixture
def renewal(world):
    return Renewal(world)


@pytest.mark.parametrize(("earned_again", "cycles"), [(False, [1]), (True, [1, 2])])
def test_a_renewal_under_way_when_the_badge_is_revoked_earns_only_where_it_may(
    renewal, world, ada, lena, earned_again, cycles
):
    renewal.first()
    world.work()
    renewal.certification.earned_again = earned_again
    moment = world.now + YEAR
    completions.renew(learner=lena, certification=renewal.certification, now=moment)
    issued = renewal.awards()[0].issued_badge
    operations.revoke(actor=ada, issued=issued, reason="Cheated", suppress_mail=True, now=moment)
    world.work(YEAR.total_seconds())
    renewal.take_course(moment)
    assert enrolments.enrolment_of(lena, renewal.certification).success
    assert [one.cycle for one in renewal.awards()] == cycles
