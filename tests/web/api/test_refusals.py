"""What another system tells and cannot be taken: nothing of it is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.extensions import db
from portal.models import ApiAnswer, Enrolment
from portal.services.privacy import erasure
from tests.factories import make_course
from tests.web.api.machine import Teller


@pytest.fixture
def teller(app, ada):
    """The system of an administrator."""
    return Teller(app, ada)


@pytest.fixture
def course(app, otto):
    """Otto's course."""
    return make_course(otto)


def count(table, **values) -> int:
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))


def test_nonsense_is_refused_member_by_member(teller, lena, course):
    good = {"email": lena.email, "object_id": course.id}
    for change, code, field in (
        ({"success": None}, "member_one_of", "success"),
        ({"success": "yes"}, "member_wrong", "success"),
        ({"email": None}, "member_one_of", "email"),
        ({"email": "\ud800"}, "member_wrong", "email"),
        ({"email": "a\x00b"}, "member_wrong", "email"),
        ({"email": ["a"]}, "member_wrong", "email"),
        ({"person_id": 1}, "member_one_of", "email"),
        ({"email": None, "person_id": True}, "member_wrong", "person_id"),
        ({"object_id": "1"}, "member_wrong", "object_id"),
        ({"object_id": 10**30}, "member_wrong", "object_id"),
        ({"object_id": 1.0}, "member_wrong", "object_id"),
        ({"source_id": "x"}, "member_one_of", "source_id"),
        ({"completed_on": "31/5/2026"}, "member_wrong", "completed_on"),
        ({"completed_on": "20260531"}, "member_wrong", "completed_on"),
        ({"completed_on": "0001-01-01"}, "member_wrong", "completed_on"),
        ({"completed_at": "2026-05-31T12:00:00"}, "member_wrong", "completed_at"),
        ({"completed_at": "0001-01-01T00:00:00+14:00"}, "member_wrong", "completed_at"),
        ({"completed_on": "2026-05-01", "completed_at": "2026-05-01T00:00:00Z"},)
        + ("member_one_of", "completed_on"),
        ({"grade": 5}, "member_unknown", "grade"),
    ):
        said = teller.tell(**{**good, **change}, expect=422).said
        assert (said["code"], said["field"]) == (code, field), change
    assert (count(ApiAnswer), count(Enrolment)) == (0, 0)


def test_what_is_no_json_is_refused(teller):
    headers = {"Idempotency-Key": "k"}
    for body, kind, status in (
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 9000, "application/json", 400),
        (b'{"success": NaN}', "application/json", 400),
        (b'{"success": true, "success": false}', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"success=true", "application/x-www-form-urlencoded", 415),
        (b" " * 16385, "application/json", 413),
    ):
        values = {"data": body, "content_type": kind, "headers": headers}
        teller.ask("POST", "/completions", expect=status, **values)


def test_a_key_is_needed(teller, lena, course):
    body = {"email": lena.email, "object_id": course.id, "success": True}
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 201}):
        answer = teller.ask("POST", "/completions", expect=400, headers=headers, json=body)
        assert (answer.said["code"], answer.said["field"]) == ("key_missing", "Idempotency-Key")


def test_a_revoked_token_tells_nothing(app, teller, ada, lena, course, now):
    teller.token.revoked_at = now
    db.session.commit()
    teller.tell(email=lena.email, object_id=course.id, expect=401)
    assert count(Enrolment) == 0


def test_a_token_that_only_reads_tells_nothing(app, ada, lena, course):
    reader = Teller(app, ada, scopes={"objects:read"})
    reader.tell(email=lena.email, object_id=course.id, expect=403)


def test_who_is_not_here_is_switched_off_or_erased_is_refused(app, teller, ada, lena, otto, course):
    for person in ({"email": "nobody@example.org"}, {"email": "no address"}, {"person_id": 99999}):
        answer = teller.tell(**person, object_id=course.id, expect=404)
        assert answer.said["code"] == "person_unknown"
    erasure.ask_for(actor=ada, person=lena, reason="by letter", now=datetime.now(UTC))
    answer = teller.tell(person_id=lena.id, object_id=course.id, expect=409)
    assert answer.said["code"] == "learner_inactive"
    means, email = app.extensions["means"], lena.email
    values = {"typed": email, "revoke": False, "means": means, "now": datetime.now(UTC)}
    erasure.erase(actor=ada, person=lena, **values)
    for person in ({"email": email}, {"person_id": lena.id}):
        teller.tell(**person, object_id=course.id, expect=404)


def test_a_day_to_come_is_refused(teller, lena, course, now):
    for name, days in (("completed_at", 1), ("completed_on", 3)):
        moment = now + timedelta(days=days)
        value = moment.isoformat() if name == "completed_at" else moment.date().isoformat()
        answer = teller.tell(email=lena.email, object_id=course.id, **{name: value}, expect=422)
        assert (answer.said["code"], answer.said["field"]) == ("day_to_come", name)
