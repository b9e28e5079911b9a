"""Enrolling and completing: what a learner does once, twice and fifty times at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from portal.errors import NotFound, RuleBroken
from portal.extensions import db
from portal.models import (
    Award,
    BadgeState,
    Delivery,
    DeliveryState,
    Enrolment,
    EnrolmentState,
    Held,
    IssuedBadge,
    ObjectState,
    Person,
)
from portal.services.issuing import awards
from portal.services.learning import completions, enrolments, shown
from tests.catalogues import make_path
from tests.factories import make_badge, make_course, make_credly_badge, make_person


@pytest.fixture
def knots(app):
    """A badge that Credly issues."""
    return make_credly_badge(app.extensions["means"], "Knots")


def enrol_and_complete(learner, course, now):
    completions.enrol(learner=learner, learning_object=course, now=now)
    completions.complete(learner=learner, course_id=course.id, now=now)
    return enrolments.enrolment_of(learner, course)


def count(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_enrolling_twice_is_enrolling_once(otto, lena, now):
    course = make_course(otto)
    first = completions.enrol(learner=lena, learning_object=course, now=now)
    assert completions.enrol(learner=lena, learning_object=course, now=now).id == first.id


def test_nobody_enrols_on_a_draft(otto, lena, now):
    draft = make_course(otto, state=ObjectState.DRAFT)
    with pytest.raises(RuleBroken):
        completions.enrol(learner=lena, learning_object=draft, now=now)


def test_who_is_not_enrolled_completes_nothing(otto, lena, now):
    with pytest.raises(RuleBroken):
        completions.complete(learner=lena, course_id=make_course(otto).id, now=now)


def test_a_completion_gives_the_award_its_issued_badge_and_a_delivery(otto, lena, knots, now):
    enrol_and_complete(lena, make_course(otto, badge=knots), now)
    award = db.session.scalars(select(Award)).one()
    delivery = db.session.scalars(select(Delivery)).one()
    assert delivery.issued_badge_id == award.issued_badge_id
    assert (delivery.state, delivery.due) == (DeliveryState.WAITING, now)


def test_completion_award_issued_badge_and_delivery_are_one_transaction(otto, lena, knots, now):
    course = make_course(otto, badge=knots)
    completions.enrol(learner=lena, learning_object=course, now=now)
    commits = []
    event.listen(db.session(), "after_commit", commits.append)
    completions.complete(learner=lena, course_id=course.id, now=now)
    assert len(commits) == 1


def test_what_fails_at_the_end_leaves_nothing_behind(otto, lena, knots, now):
    course = make_course(otto, badge=knots)
    completions.enrol(learner=lena, learning_object=course, now=now)

    def power_cut(_session):
        raise RuntimeError

    event.listen(db.session(), "before_commit", power_cut)
    with pytest.raises(RuntimeError):
        completions.complete(learner=lena, course_id=course.id, now=now)
    event.remove(db.session(), "before_commit", power_cut)
    db.session.rollback()
    db.session.expire_all()
    assert (count(Award), count(IssuedBadge), count(Delivery)) == (0, 0, 0)
    assert db.session.scalars(select(Enrolment)).one().state is EnrolmentState.ENROLLED


def test_completing_again_changes_nothing(otto, lena, knots, now):
    course = make_course(otto, badge=knots)
    first = enrol_and_complete(lena, course, now).completed_at
    completions.complete(learner=lena, course_id=course.id, now=now + timedelta(days=1))
    assert enrolments.enrolment_of(lena, course).completed_at == first
    assert (count(Award), count(Delivery)) == (1, 1)


def test_what_is_not_there_for_a_learner_is_not_there_to_complete(otto, lena, now):
    """A draft, even for whoever was on it; what was retired before they came; a path."""
    draft, retired = make_course(otto, "Draft"), make_course(otto, state=ObjectState.RETIRED)
    completions.enrol(learner=lena, learning_object=draft, now=now)
    draft.state = ObjectState.DRAFT
    for course in (draft, retired, make_path(otto, [make_course(otto)])):
        with pytest.raises(NotFound):
            completions.complete(learner=lena, course_id=course.id, now=now)
    assert db.session.scalars(select(Enrolment)).one().completed_at is None


def test_whoever_withdrew_is_not_on_the_course(otto, lena, now):
    course = make_course(otto)
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.withdraw(learner=lena, learning_object=course)
    with pytest.raises(RuleBroken, match="not_enrolled"):
        completions.complete(learner=lena, course_id=course.id, now=now)


def test_fifty_completions_at_once_give_one_award(app, otto, lena, knots, now):
    course = make_course(otto, badge=knots)
    completions.enrol(learner=lena, learning_object=course, now=now)
    learner_id, course_id = lena.id, course.id
    db.session.remove()

    def complete(_number: int) -> None:
        with app.app_context():
            completions.complete(
                learner=db.session.get(Person, learner_id),
                course_id=course_id,
                now=now,
            )

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(complete, range(50)))
    assert (count(Award), count(IssuedBadge), count(Delivery)) == (1, 1, 1)


def test_a_second_course_with_the_same_badge_shares_the_issued_badge(otto, lena, knots, now):
    for title in ("Knots", "More knots"):
        enrol_and_complete(lena, make_course(otto, title, badge=knots), now)
    first, second = db.session.scalars(select(Award).order_by(Award.id))
    assert first.issued_badge_id == second.issued_badge_id
    assert count(Delivery) == 1
    assert awards.already_held(lena, [first, second]) == {second.id}


def test_a_retired_badge_gives_no_award_but_the_completion_counts(otto, lena, now):
    course = make_course(otto, badge=make_badge(state=BadgeState.RETIRED))
    assert enrol_and_complete(lena, course, now).success
    assert count(Award) == 0


def test_a_badge_of_the_portal_alone_has_an_award_and_no_delivery(otto, lena, now):
    enrol_and_complete(lena, make_course(otto, badge=make_badge()), now)
    assert (count(Award), count(IssuedBadge), count(Delivery)) == (1, 0, 0)


def test_a_name_that_no_badge_can_carry_is_held(otto, knots, now):
    nameless = make_person("Nina -")
    enrol_and_complete(nameless, make_course(otto, badge=knots), now)
    delivery = db.session.scalars(select(Delivery)).one()
    assert delivery.held_because is Held.NAME_NOT_USABLE


def test_who_withdrew_may_come_back_for_another_attempt(otto, lena, now):
    course = make_course(otto)
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.withdraw(learner=lena, learning_object=course)
    assert enrolments.enrolment_of(lena, course) is None
    assert completions.enrol(learner=lena, learning_object=course, now=now).attempt == 2


def test_nobody_withdraws_from_what_they_have_completed(otto, lena, now):
    course = make_course(otto)
    enrol_and_complete(lena, course, now)
    with pytest.raises(RuleBroken):
        completions.withdraw(learner=lena, learning_object=course)


def test_a_retired_course_stays_for_who_is_on_it(otto, lena, now):
    course = make_course(otto)
    completions.enrol(learner=lena, learning_object=course, now=now)
    course.state = ObjectState.RETIRED
    db.session.commit()
    assert enrolments.get_for_learner(lena, course.id) is course
    with pytest.raises(NotFound):
        enrolments.get_for_learner(otto, course.id)


def test_the_catalogue_finds_percent_signs_as_they_stand(otto, lena):
    make_course(otto, "100% rope")
    make_course(otto, "100 ropes")
    found = shown.catalogue(lena, "100%", "", 1)
    assert [card.about.title for card in found.rows] == ["100% rope"]
