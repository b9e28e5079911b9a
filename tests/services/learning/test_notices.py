"""What people are told about their learning."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Enrolment, Mail, Notification, Policy
from portal.services.learning import completions, enrolling, evidence, notices
from tests.factories import make_course, make_person


def told(person) -> list[str]:
    rows = db.session.query(Notification).filter_by(person_id=person.id).order_by(Notification.id)
    return [row.message["code"] for row in rows]


@pytest.fixture
def course(otto):
    return make_course(otto, policy=Policy.EVIDENCE)


def hand_in(lena, course, now):
    completions.enrol(learner=lena, learning_object=course, now=now)
    values = {"text": "I did it", "address": "", "file": None, "now": now}
    return evidence.hand_in(learner=lena, learning_object=course, **values)


def test_owners_hear_that_evidence_waits_and_the_learner_what_came_of_it(
    otto, ada, lena, course, now
):
    given = hand_in(lena, course, now)
    assert told(otto) == ["told_evidence_waiting"]
    assert told(ada) == told(lena) == []
    evidence.reject(actor=otto, evidence=given, reason="Show the knot", now=now)
    again = hand_in(lena, course, now)
    assert told(otto) == ["told_evidence_waiting"]  # the first one is unread still
    evidence.approve(actor=otto, evidence=again, at=now, now=now)
    assert told(lena) == ["told_evidence_rejected", "told_evidence_approved"]
    paths = {row.path for row in db.session.query(Notification).filter_by(person_id=lena.id)}
    assert paths == {f"/learner/courses/{course.id}"}


def test_administrators_hear_of_evidence_that_nobody_looks_after(otto, ada, lena, course, now):
    otto.active = False
    db.session.commit()
    hand_in(lena, course, now)
    assert told(ada) == ["told_evidence_waiting"]
    assert told(otto) == []


def test_whoever_is_enrolled_by_somebody_is_told_and_nobody_else(otto, lena, now):
    course, other = make_course(otto), make_person("Olle Other")
    completions.enrol(learner=other, learning_object=course, now=now)
    everybody = {"learning_object": course, "people": [lena, other, otto], "due_at": None}
    for _time in range(2):
        enrolling.enrol_people(actor=otto, **everybody, now=now)
    assert told(lena) == ["told_enrolled"]
    assert told(other) == told(otto) == []
    assert db.session.query(Mail).count() == 1


def test_what_is_due_soon_is_said_once_for_each_day_that_is_set(otto, lena, now):
    course, day = make_course(otto), timedelta(days=1)
    due = now + 10 * day
    completions.enrol(learner=lena, learning_object=course, now=now, due_at=due)
    assert [notices.warn_of_due(now + n * day) for n in (0, 6, 7, 8, 9, 10, 11)] == [
        *(0, 0, 1, 0, 0, 0, 0)
    ]
    row = db.session.query(Enrolment).one()
    row.due_at = due + 5 * day
    db.session.commit()
    assert notices.warn_of_due(now + 13 * day) == 1
    row.due_at, row.completed_at, row.state = due + 9 * day, now, "completed"
    db.session.commit()
    assert notices.warn_of_due(now + 17 * day) == 0
    assert told(lena) == ["told_due_soon"] * 2
