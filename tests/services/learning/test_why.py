"""Why somebody has a badge or has it not: whatever happened, there is an answer."""

from datetime import UTC, datetime

import pytest

from portal.errors import NotFound
from portal.extensions import db
from portal.models import (
    Award,
    AwardState,
    BadgeState,
    Course,
    CourseCredit,
    DeliveryState,
    Enrolment,
    EnrolmentState,
    ObjectState,
    Policy,
    Skill,
    SkillLevel,
    SkillState,
)
from portal.services.issuing import connections
from portal.services.learning import completions, why
from portal.services.learning.sources import Source
from portal.services.learning.why_trail import Deed
from portal.services.learning.why_ways import Finding
from tests.factories import earn, make_badge, make_course, make_person


def told(person, badge, now):
    return why.explain(person, badge, now)


def best(person, badge, now):
    found = told(person, badge, now).best
    return found.finding if found else None


def attempt(person, course, now, **values):
    values = {"state": EnrolmentState.COMPLETED, "completed_at": now, "success": True, **values}
    enrolment = Enrolment(
        learner_id=person.id, learning_object_id=course.id, enrolled_at=now, **values
    )
    db.session.add(enrolment)
    db.session.commit()
    return enrolment


def award_of(person, badge, course, now, **values):
    award = Award(
        learner_id=person.id,
        badge_id=badge.id,
        learning_object_id=course.id,
        earned_at=now,
        **values,
    )
    db.session.add(award)
    db.session.commit()
    return award


def level_of(badge, **values):
    level = SkillLevel(skill=Skill(name="Rope work", **values), level=1, credits=5, badge=badge)
    db.session.add(level)
    db.session.commit()
    return level


OPEN = {"state": EnrolmentState.ENROLLED, "completed_at": None, "success": None}
LEFT = {**OPEN, "state": EnrolmentState.WITHDRAWN}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


WITHOUT_AN_AWARD = [
    (Finding.WOULD, {}, {}, None),
    (Finding.DRAFT, {"state": ObjectState.DRAFT}, {}, None),
    (Finding.OBJECT_RETIRED, {"state": ObjectState.RETIRED}, {}, None),
    (Finding.BADGE_RETIRED, {}, {"state": BadgeState.RETIRED}, None),
    (Finding.IN_PROGRESS, {}, {}, OPEN),
    (Finding.BADGE_RETIRED, {}, {"state": BadgeState.RETIRED}, OPEN),
    (Finding.WITHDRAWN, {}, {}, LEFT),
    (Finding.WITHOUT_SUCCESS, {}, {}, {"success": False}),
    (Finding.COMPLETED_EARLIER, {}, {}, {}),
    (Finding.COMPLETED_RETIRED, {}, {"state": BadgeState.RETIRED}, {}),
    (Finding.UNDONE, {}, {}, {**OPEN, "undone_at": LONG_AGO}),
]
WITH_AN_AWARD = [
    (Finding.IN_PORTAL, {}),
    (Finding.IN_PORTAL, {"not_sent_because": "history"}),  # nobody could ever send it
    (Finding.REVOKED, {"state": AwardState.REVOKED}),
    (Finding.CANCELLED, {"state": AwardState.CANCELLED}),
]
AT_CREDLY = [
    (Finding.PENDING, {"state": "pending"}),
    (Finding.ACCEPTED, {"state": "accepted"}),
    (Finding.REJECTED, {"state": "rejected"}),
    (Finding.AT_CREDLY, {"state": "something new"}),
    (Finding.EXPIRED, {"state": "accepted", "expires_at": LONG_AGO}),
    (Finding.GONE, {"state": "accepted", "gone_at": LONG_AGO}),
]


def test_without_an_award(lena, otto, now):
    for finding, of_course, of_badge, of_attempt in WITHOUT_AN_AWARD:
        badge = make_badge(**of_badge)
        course = make_course(otto, badge=badge, **of_course)
        if of_attempt is not None:
            attempt(lena, course, now, **of_attempt)
        assert best(lena, badge, now) is finding


def test_with_an_award_that_is_here_alone(lena, otto, now):
    for finding, of_award in WITH_AN_AWARD:
        badge = make_badge()
        award_of(lena, badge, make_course(otto, badge=badge), now, **of_award)
        assert best(lena, badge, now) is finding


def test_history_that_could_be_sent_says_so(world):
    award_of(world.lena, world.badge, world.course, world.now, not_sent_because="history")
    assert best(world.lena, world.badge, world.now) is Finding.NOT_SENT


def test_with_a_badge_at_credly(world):
    world.course.badge = None
    for finding, at_credly in AT_CREDLY:
        learner = make_person()
        award = earn(learner, world.badge, **at_credly)
        assert best(learner, world.badge, world.now) is finding
        db.session.get_one(Course, award.learning_object_id).badge = None


def test_on_its_way_held_and_stopped(world):
    connections.pause(connection=world.connection, now=world.now)
    delivery = world.complete()
    found = told(world.lena, world.badge, world.now).best
    assert (found.finding, found.held_because.value) == (Finding.HELD, "connection_paused")
    for state, finding in (
        (DeliveryState.WAITING, Finding.ON_ITS_WAY),
        (DeliveryState.UNSURE, Finding.ON_ITS_WAY),
        (DeliveryState.NEEDS_PERSON, Finding.NEEDS_PERSON),
    ):
        delivery.state, delivery.held_because = state, None
        db.session.commit()
        assert best(world.lena, world.badge, world.now) is finding


def test_the_second_way_says_that_the_badge_was_there_already(world):
    world.complete()
    world.complete(course=make_course(world.otto, "Ropes", badge=world.badge))
    findings = [way.finding for way in told(world.lena, world.badge, world.now).ways]
    assert findings == [Finding.ON_ITS_WAY, Finding.ALREADY_HELD]


def test_a_course_that_gives_another_badge_now_still_explains_the_old_one(lena, otto, now):
    badge, other = make_badge(), make_badge("Ropes")
    course = make_course(otto, badge=badge)
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.complete(learner=lena, course_id=course.id, now=now)
    course.badge = other
    db.session.commit()
    way = told(lena, badge, now).best
    assert (way.finding, way.gives_now) == (Finding.IN_PORTAL, False)
    assert best(lena, other, now) is Finding.COMPLETED_EARLIER


def test_a_badge_that_nothing_gives(lena, now):
    assert best(lena, make_badge(), now) is None


def test_credits_tell_what_is_done_and_what_could_come(lena, otto, now):
    badge = make_badge()
    level = level_of(badge)
    for title, credits in (("Bends", 3), ("Hitches", 2)):
        course = make_course(otto, title)
        db.session.add(CourseCredit(course_id=course.id, skill_level_id=level.id, credits=credits))
        db.session.commit()
    first = db.session.scalars(db.select(Course).filter_by(title="Bends")).one()
    completions.enrol(learner=lena, learning_object=first, now=now)
    completions.complete(learner=lena, course_id=first.id, now=now)
    way = told(lena, badge, now).best
    assert (way.finding, way.level.have, way.level.missing) == (Finding.CREDITS_MISSING, 3, 2)
    assert [one.course.title for one in way.level.could_give] == ["Hitches"]
    second = way.level.could_give[0].course
    completions.enrol(learner=lena, learning_object=second, now=now)
    completions.complete(learner=lena, course_id=second.id, now=now)
    after = told(lena, badge, now)
    assert after.best.finding is Finding.IN_PORTAL
    assert [one.deed for one in after.events] == [Deed.REACHED, Deed.EARNED]


def test_a_retired_skill(lena, now):
    badge = make_badge()
    level_of(badge, state=SkillState.RETIRED)
    assert best(lena, badge, now) is Finding.SKILL_RETIRED


def test_what_happened_stands_in_its_order(lena, ada, otto, now):
    badge = make_badge()
    course = make_course(otto, badge=badge, policy=Policy.STAFF)
    attempt(lena, course, now, enrolled_by_id=ada.id, recorded_by_id=otto.id)
    award_of(lena, badge, course, now)
    events = told(lena, badge, now).events
    assert [(one.deed, one.who) for one in events] == [
        (Deed.ENROLLED, ada),
        (Deed.COMPLETED, otto),
        (Deed.EARNED, None),
    ]


def test_an_owner_sees_own_objects_alone(lena, otto, now):
    badge, other = make_badge(), make_person("Another Author", roles={"author"})
    mine, theirs = make_course(otto, badge=badge), make_course(other, "Ropes", badge=badge)
    attempt(lena, theirs, now)
    with pytest.raises(NotFound):
        why.explain_to_owner(otto, lena, Source(learning_object=mine), now)
    attempt(lena, mine, now)
    found = why.explain_to_owner(otto, lena, Source(learning_object=mine), now)
    assert [way.source.learning_object for way in found.ways] == [mine]
    assert {one.source.learning_object for one in found.events} == {mine}


def test_a_learner_sees_what_they_can_earn(lena, otto, now):
    badge = make_badge()
    course = make_course(otto, badge=badge, state=ObjectState.DRAFT)
    with pytest.raises(NotFound):
        why.explain_to_learner(lena, badge, now)
    course.state = ObjectState.PUBLISHED
    db.session.commit()
    assert why.explain_to_learner(lena, badge, now).best.finding is Finding.WOULD


def test_a_course_is_behind_an_award(lena):
    award = earn(lena, make_badge("Knots"))
    assert why.sources_of([award])[award.id].title == "The way to Knots"
    assert why.skill_level_of(award) is None


def test_a_skill_level_is_behind_an_award(lena, now):
    badge = make_badge()
    level = level_of(badge)
    award = Award(learner_id=lena.id, badge_id=badge.id, skill_level_id=level.id, earned_at=now)
    db.session.add(award)
    db.session.commit()
    assert why.skill_level_of(award).skill.name == "Rope work"
    assert why.sources_of([award]) == {}
