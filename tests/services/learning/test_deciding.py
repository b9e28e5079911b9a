"""Who may decide about whom: nobody about themselves, and nothing for who is switched off."""

from datetime import timedelta

import pytest

from portal.errors import RuleBroken
from portal.extensions import db
from portal.models import Policy
from portal.services.learning import completions, enrolling, evidence, recording
from portal.services.learning.evidence import hand_in
from tests.factories import make_course, make_person

HOUR = timedelta(hours=1)


def record(actor, course, people, now):
    return recording.record_people(
        actor=actor, learning_object=course, people=people, at=now, success=True, now=now
    )


def handed_in(person, course, now):
    completions.enrol(learner=person, learning_object=course, now=now)
    return hand_in(
        learner=person, learning_object=course, text="Look!", address="", file=None, now=now
    )


def test_nobody_records_their_own_completion_but_an_administrator(otto, ada, lena, now):
    course = make_course(otto, policy=Policy.STAFF)
    done = record(otto, course, [otto, lena], now)
    assert (done.fresh, done.left_out) == (1, {"own_completion": [otto]})
    assert record(ada, course, [ada], now).fresh == 1


def test_nobody_decides_about_what_they_handed_in_but_an_administrator(otto, ada, now):
    course = make_course(otto, policy=Policy.EVIDENCE)
    given = handed_in(otto, course, now)
    with pytest.raises(RuleBroken) as refused:
        evidence.approve(actor=otto, evidence=given, at=now, now=now)
    assert refused.value.message.code == "own_evidence"
    with pytest.raises(RuleBroken):
        evidence.reject(actor=otto, evidence=given, reason="Too little", now=now)
    evidence.approve(actor=ada, evidence=given, at=now, now=now)
    own = handed_in(ada, course, now)
    evidence.approve(actor=ada, evidence=own, at=now, now=now)
    assert own.enrolment.done


def test_nothing_is_begun_or_recorded_for_who_is_deactivated(otto, lena, now):
    course, nils = make_course(otto, policy=Policy.STAFF), make_person("Nils Neighbour")
    nils.active = False
    db.session.commit()
    done = record(otto, course, [nils, lena], now)
    assert (done.fresh, done.left_out) == (1, {"learner_inactive": [nils]})
    enrolled = enrolling.enrol_people(
        actor=otto, learning_object=course, people=[nils, lena], due_at=None, now=now + HOUR
    )
    assert (enrolled.fresh, enrolled.there, enrolled.inactive) == (0, 1, [nils])
    with pytest.raises(RuleBroken) as refused:
        completions.enrol(learner=nils, learning_object=course, now=now)
    assert refused.value.message.code == "learner_inactive"
