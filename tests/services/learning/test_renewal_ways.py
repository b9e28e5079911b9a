"""What may stand in the way of a renewal: retired courses, second thoughts, and new proof."""

from datetime import timedelta

import pytest

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.models import EnrolmentState, ObjectState
from portal.services.learning import completions, enrolments, evidence, recording
from portal.services.learning.files import KeptFile
from tests.catalogues import make_certification, make_path
from tests.factories import make_badge, make_course
from tests.renewals import YEAR, Renewal

PROOF = KeptFile(key="0" * 64, name="licence.pdf", type="application/pdf")


@pytest.fixture
def renewal(world):
    return Renewal(world)


def retire(course):
    course.state = ObjectState.RETIRED
    db.session.commit()


def test_a_retired_course_can_be_taken_by_whoever_needs_it_for_a_renewal(renewal, world, lena):
    renewal.first()
    retire(renewal.course)
    later = world.now + YEAR
    assert renewal.renew(later).attempt == 2
    assert [one.cycle for one in renewal.awards()] == [1, 2]


def test_a_retired_course_is_found_only_by_whoever_a_path_asks_for_it(otto, lena, now):
    course = make_course(otto)
    path = make_path(otto, [course])
    retire(course)
    with pytest.raises(NotFound):
        enrolments.get_for_learner(lena, course.id)
    with pytest.raises(RuleBroken):
        completions.enrol(learner=lena, learning_object=course, now=now)
    completions.enrol(learner=lena, learning_object=path, now=now)
    assert enrolments.get_for_learner(lena, course.id) is course
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    assert enrolments.enrolment_of(lena, path).done


def test_whoever_withdraws_from_a_renewal_is_where_they_were(renewal, world, lena):
    first, later = renewal.first(), world.now + YEAR
    certification = renewal.certification
    completions.renew(learner=lena, certification=certification, now=later)
    completions.withdraw(learner=lena, learning_object=certification)
    assert enrolments.enrolment_of(lena, certification) is first
    # Neither enrolling nor recording begins it behind the back of its window.
    assert completions.enrol(learner=lena, learning_object=certification, now=later) is first
    assert renewal.renew(later).attempt == 3
    assert [one.cycle for one in renewal.awards()] == [1, 2]


def test_a_completion_is_not_recorded_twice_after_a_renewal_was_given_up(
    renewal, world, lena, otto
):
    renewal.first()
    later = world.now + YEAR
    completions.renew(learner=lena, certification=renewal.certification, now=later)
    renewal.enrol(renewal.course, later)
    completions.withdraw(learner=lena, learning_object=renewal.course)
    completions.withdraw(learner=lena, learning_object=renewal.certification)
    done = recording.record_people(
        actor=otto,
        learning_object=renewal.course,
        people=[lena],
        at=later,
        success=True,
        now=later,
    )
    assert (done.fresh, done.there) == (0, 1)


def test_new_proof_begins_the_renewal_of_an_external_certification(otto, lena, now):
    licence = make_certification(
        otto, [], badge=make_badge(), external=True, validity_months=12, renewal_days=30
    )

    def send(at):
        given = evidence.hand_in(
            learner=lena, learning_object=licence, text="", address="", file=PROOF, now=at
        )
        return given.enrolment

    completions.enrol(learner=lena, learning_object=licence, now=now)
    first = send(now)
    evidence.approve(actor=otto, evidence=evidence.list_of(first)[0], at=now, now=now)
    opens = first.expires_at - timedelta(days=30)
    with pytest.raises(RuleBroken):
        send(opens - timedelta(days=1))
    second = send(opens)
    assert (second.attempt, second.renews, second.state) == (2, True, EnrolmentState.SUBMITTED)
    evidence.approve(actor=otto, evidence=evidence.list_of(second)[0], at=opens, now=opens)
    assert second.expires_at > first.expires_at
