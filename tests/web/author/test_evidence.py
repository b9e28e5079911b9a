"""Evidence: handed in by a learner, decided by an owner, seen by nobody else."""

from datetime import timedelta
from io import BytesIO

import pytest

from portal.extensions import db
from portal.models import (
    Award,
    Certification,
    Enrolment,
    EnrolmentState,
    Evidence,
    LearningObject,
    ObjectState,
    Policy,
)
from portal.services.learning import completions, evidence
from tests.factories import make_badge, make_course, make_person
from tests.page import Browser

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def course(otto):
    """A course of Otto's that is completed by evidence."""
    return make_course(otto, badge=make_badge(), policy=Policy.EVIDENCE)


@pytest.fixture
def given(course, lena, now):
    """What Lena handed in for it."""
    return handed_in(lena, course, now)


@pytest.fixture
def approver(app, otto):
    """Otto's browser."""
    return Browser(app).sign_in(otto)


@pytest.fixture
def learner(app, lena):
    """Lena's browser."""
    return Browser(app).sign_in(lena)


def handed_in(person, course, now, text="I tied them all.", file=None) -> Evidence:
    completions.enrol(learner=person, learning_object=course, now=now)
    return evidence.hand_in(
        learner=person, learning_object=course, text=text, address="", file=file, now=now
    )


def external(owner, **values) -> Certification:
    found = Certification(
        title="Radio licence", owners=[owner], external=True, state=ObjectState.PUBLISHED, **values
    )
    db.session.add(found)
    db.session.commit()
    return found


def the_enrolment(about: LearningObject) -> Enrolment:
    return db.session.scalars(db.select(Enrolment).filter_by(learning_object_id=about.id)).one()


def test_a_learner_hands_in_and_waits(learner, course, lena, now):
    completions.enrol(learner=lena, learning_object=course, now=now)
    at = f"/learner/courses/{course.id}"
    assert "Mark as complete" not in learner.get(at)
    page = learner.follow(
        learner.submit(f"{at}/evidence", text="See there", address="https://example.org/knots")
    )
    assert "Waits for approval" in page
    assert "https://example.org/knots" in page
    assert the_enrolment(course).state is EnrolmentState.SUBMITTED
    again = learner.follow(learner.get(f"{at}/evidence", expect=302))
    assert "What you handed in is being looked at" in again


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Write something"),
        ({"address": "javascript:alert(1)"}, 'id="address-error-1"'),
        ({"text": "x" * 20_001}, 'id="text-error-1"'),
        ({"file": (BytesIO(b"<script>"), "proof.pdf")}, 'id="file-error-1"'),
    ],
)
def test_what_cannot_be_handed_in_is_said(learner, course, lena, now, values, said):
    completions.enrol(learner=lena, learning_object=course, now=now)
    page = learner.submit(f"/learner/courses/{course.id}/evidence", expect=200, **values)
    assert said in page
    assert db.session.query(Evidence).count() == 0


def test_what_waits_longest_stands_first(approver, course, lena, now):
    handed_in(make_person("Late Learner"), course, now)
    handed_in(lena, course, now - timedelta(days=2))
    page = approver.get("/author/evidence")
    assert page.index("Lena Learner") < page.index("Late Learner")


def test_approving_completes_and_awards(approver, course, given):
    at = f"/author/evidence/{given.id}"
    assert "I tied them all." in approver.get(at)
    approver.post(f"{at}/approve", page=at, day="2026-01-15")
    enrolment = the_enrolment(course)
    assert enrolment.success
    assert enrolment.completed_at.date().isoformat() == "2026-01-15"
    assert db.session.query(Award).count() == 1
    assert "Nothing waits for you" in approver.get("/author/evidence")
    assert "Lena Learner" in approver.get("/author/evidence?show=decided")


def test_a_day_to_come_is_said_at_the_field(approver, given, now):
    at = f"/author/evidence/{given.id}"
    day = (now + timedelta(days=3)).date().isoformat()
    page = approver.post(f"{at}/approve", page=at, expect=200, day=day)
    assert 'id="day-error-1"' in page


def test_rejecting_needs_a_reason(approver, given):
    at = f"/author/evidence/{given.id}"
    page = approver.post(f"{at}/reject", page=at, expect=200, reason=" ")
    assert 'id="reason-error-1"' in page


def test_the_learner_reads_why_and_hands_in_again(approver, learner, course, given):
    at = f"/author/evidence/{given.id}"
    approver.post(f"{at}/reject", page=at, reason="The bowline is missing.")
    page = learner.get(f"/learner/courses/{course.id}")
    assert "The bowline is missing." in page
    assert "Submit evidence" in page
    learner.submit(f"/learner/courses/{course.id}/evidence", text="With the bowline")
    newest = db.session.scalars(db.select(Evidence).order_by(Evidence.id.desc())).first()
    approver.post(f"/author/evidence/{newest.id}/approve", page=at, day="2026-01-15", expect=302)
    assert the_enrolment(course).success


def test_what_was_decided_is_not_decided_again(approver, given):
    at = f"/author/evidence/{given.id}"
    token = approver.token_of(at)
    approver.post(f"{at}/reject", page=at, reason="No.")
    page = approver.send(f"{at}/approve", expect=200, csrf_token=token, day="2026-01-15")
    assert "Somebody has decided about this meanwhile" in page
    assert db.session.query(Award).count() == 0


def test_evidence_of_somebody_who_withdrew_waits_no_more(approver, course, given, lena):
    completions.withdraw(learner=lena, learning_object=course)
    assert "Nothing waits for you" in approver.get("/author/evidence")
    assert "nothing is to be decided any more" in approver.get(f"/author/evidence/{given.id}")


def test_an_external_certification_needs_its_proof(learner, approver, otto, lena, now):
    about = external(otto, validity_months=12)
    completions.enrol(learner=lena, learning_object=about, now=now)
    at = f"/learner/certifications/{about.id}"
    assert 'id="file-error-1"' in learner.submit(f"{at}/evidence", expect=200, text="I have it")
    learner.submit(f"{at}/evidence", file=(BytesIO(PDF), "licence.pdf"))
    given = db.session.query(Evidence).one()
    answer = approver.get(f"/author/evidence/{given.id}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    show = f"/author/evidence/{given.id}"
    approver.post(f"{show}/approve", page=show, day=now.date().isoformat())
    assert the_enrolment(about).expires_at > now + timedelta(days=360)
    assert "Until:" in learner.get(at)


def test_only_owner_admin_and_learner_see_it(app, ada, learner, given):
    other = Browser(app).sign_in(make_person("Olga Other", roles={"author"}))
    other.get(f"/author/evidence/{given.id}", expect=404)
    other.get(f"/author/evidence/{given.id}/file", expect=404)
    assert "Lena Learner" not in other.get("/author/evidence")
    stranger = Browser(app).sign_in(make_person("Sten Stranger"))
    stranger.get(f"/learner/evidence/{given.id}/file", expect=404)
    assert "Lena Learner" in Browser(app).sign_in(ada).get("/author/evidence")


def test_an_owner_reads_at_their_own_evidence_who_decides(approver, course, otto, now):
    own = handed_in(otto, course, now)
    page = approver.get(f"/author/evidence/{own.id}")
    assert "Another owner or an administrator decides about it." in page
    assert "Approve" not in page.partition("<main")[2]
