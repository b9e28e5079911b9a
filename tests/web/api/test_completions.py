"""Another system tells of completions, once or again and again."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, func, select

from portal.extensions import db
from portal.models import (
    ApiAnswer,
    AuditEntry,
    Award,
    Channel,
    Delivery,
    DeliveryState,
    Enrolment,
    ObjectState,
)
from portal.services.learning import completions
from tests.catalogues import make_certification, make_path
from tests.factories import earn, make_badge, make_course, make_credly_badge
from tests.web.api.machine import Teller


@pytest.fixture
def teller(app, ada):
    """The system of an administrator."""
    return Teller(app, ada)


@pytest.fixture
def course(app, otto):
    """Otto's course, with a badge of Credly's."""
    return make_course(otto, badge=make_credly_badge(app.extensions["means"]), source_id="kn-1")


def count(table, **values) -> int:
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values))


def test_a_completion_earns_the_badge_and_leads_it_to_credly(world, ada):
    teller = Teller(world.app, ada)
    said = teller.tell(email=world.lena.email.upper(), object_id=world.course.id).said
    assert said["recorded"] is True
    assert said["enrolment"]["state"] == "completed"
    assert said["enrolment"]["completed_at"].endswith("Z")
    before = teller.get(f"/awards/{said['award_id']}").said
    assert (before["delivery"], before["issued_badge"]["state"]) == ("waiting", None)
    assert world.work(after=3600) == [DeliveryState.DONE]
    after = teller.get(f"/awards/{said['award_id']}").said
    assert (after["delivery"], after["issued_badge"]["state"]) == ("done", "pending")
    (badge,) = world.credly.data("GET", "/badges")
    assert badge["recipient_email"] == world.lena.email


def test_what_is_sent_twice_is_done_once_and_answered_alike(teller, lena, course):
    first = teller.tell(email=lena.email, source_id="kn-1")
    again = teller.tell(email=lena.email, source_id="kn-1")
    assert again.text == first.text
    assert (count(Enrolment), count(Award), count(Delivery), count(ApiAnswer)) == (1, 1, 1, 1)


def test_another_key_is_told_that_it_was_there_already(teller, lena, course):
    first = teller.tell(email=lena.email, object_id=course.id).said
    again = teller.tell("k-2", person_id=lena.id, object_id=course.id, expect=200).said
    assert again == {**first, "recorded": False}
    assert (count(Enrolment), count(Delivery)) == (1, 1)


def test_a_key_stands_for_one_request_and_one_person(app, teller, lena, otto, course):
    teller.tell(email=lena.email, object_id=course.id)
    answer = teller.tell(email=lena.email, object_id=course.id, success=False, expect=422)
    assert answer.said["code"] == "key_used"
    # Somebody else's systems have keys of their own.
    Teller(app, otto).tell(email=lena.email, object_id=course.id, expect=200)


def test_a_new_token_of_the_same_person_knows_the_keys_of_the_old(app, ada, teller, lena, course):
    first = teller.tell(email=lena.email, object_id=course.id)
    assert Teller(app, ada).tell(email=lena.email, object_id=course.id).text == first.text


def test_a_refused_request_keeps_nothing_so_its_key_can_be_used_again(teller, lena, otto, course):
    course.state = ObjectState.DRAFT
    db.session.commit()
    answer = teller.tell(email=lena.email, object_id=course.id, expect=409)
    assert answer.said["code"] == "not_recordable"
    course.state = ObjectState.PUBLISHED
    db.session.commit()
    teller.tell(email=lena.email, object_id=course.id)


def test_whoever_heard_no_answer_asks_again_and_nothing_is_lost_or_doubled(teller, lena, course):
    """Broken off at its commit nothing was done; broken off behind it everything was."""
    body = {"email": lena.email, "object_id": course.id}
    teller.last_used(None)  # so that there is a commit behind the one of the completion
    for commits, done in ((1, 0), (2, 1)):
        with broken_off_at(commits), pytest.raises(KeyboardInterrupt):
            teller.tell(**body)
        db.session.rollback()
        assert (count(Enrolment), count(Delivery), count(ApiAnswer)) == (done, done, done)
    assert teller.tell(**body).said["recorded"] is True
    assert (count(Enrolment), count(Delivery)) == (1, 1)


@contextmanager
def broken_off_at(commits: int):
    """Let the process stop in the middle of this commit, the key being written in the first."""
    left, session = [None] * commits, db.session()

    def stop(_session):
        written = db.session.query(ApiAnswer).count()
        if written and left:
            left.pop()
            if not left:
                raise KeyboardInterrupt

    event.listen(session, "before_commit", stop)
    yield
    event.remove(session, "before_commit", stop)


def test_the_moment_is_the_one_that_is_told(teller, lena, otto, now):
    day = (now - timedelta(days=40)).date().isoformat()
    at = (now - timedelta(hours=30)).isoformat()
    ahead = (now + timedelta(minutes=4)).isoformat()
    for number, (when, wanted) in enumerate(
        (
            ({"completed_on": day}, f"{day}T12:00:00Z"),
            ({"completed_at": at}, at.replace("+00:00", "Z")),
        )
    ):
        course = make_course(otto, f"Course {number}")
        said = teller.tell(f"m-{number}", email=lena.email, object_id=course.id, **when).said
        assert said["enrolment"]["completed_at"] == wanted
    course = make_course(otto, "A clock ahead")
    said = teller.tell("m-9", email=lena.email, object_id=course.id, completed_at=ahead).said
    told = datetime.fromisoformat(said["enrolment"]["completed_at"])
    assert told <= datetime.now(UTC)


def test_without_success_nothing_is_earned_until_it_succeeds(teller, lena, course):
    said = teller.tell(email=lena.email, object_id=course.id, success=False).said
    assert (said["enrolment"]["success"], said["award_id"]) == (False, None)
    said = teller.tell("k-2", email=lena.email, object_id=course.id).said
    assert (said["enrolment"]["attempt"], said["enrolment"]["success"]) == (2, True)
    assert said["award_id"]


def test_what_hangs_on_it_is_completed_in_turn(teller, lena, otto, course, now):
    path = make_path(otto, [course], badge=make_badge("Sailor"))
    completions.enrol(learner=lena, learning_object=path, now=now)
    teller.tell(email=lena.email, object_id=course.id)
    assert count(Enrolment, learning_object_id=path.id, success=True) == 1
    assert len(teller.ids(f"/awards?email={lena.email}")) == 2


def test_paths_follow_from_courses_and_cannot_be_told(teller, lena, otto, course):
    path = make_path(otto, [course])
    answer = teller.tell(email=lena.email, object_id=path.id, expect=409)
    assert (answer.said["code"], answer.said["field"]) == ("not_recordable", "object_id")


def test_one_source_id_may_stand_for_a_path_and_a_course_but_not_for_two_that_fit(
    teller, lena, otto, course
):
    make_path(otto, [course], source_id="kn-1")
    teller.tell(email=lena.email, source_id="kn-1")
    make_certification(otto, [], external=True, source_id="kn-1")
    answer = teller.tell("k-2", email=lena.email, source_id="kn-1", expect=422)
    assert answer.said["code"] == "object_ambiguous"


def test_an_author_tells_of_their_own_objects_and_of_nobody_elses(app, ada, otto, lena, course):
    foreign = make_course(ada, "Foreign", source_id="f-1")
    mine = Teller(app, otto)
    for about in ({"object_id": foreign.id}, {"source_id": "f-1"}, {"object_id": 99999}):
        answer = mine.tell(email=lena.email, **about, expect=404)
        assert answer.said["code"] == "object_unknown"
    mine.tell(email=lena.email, object_id=course.id)
    # Nobody records their own completion.
    answer = mine.tell("k-2", email=otto.email, object_id=course.id, expect=403)
    assert answer.said["code"] == "own_completion"


def test_what_a_token_did_stands_in_the_audit_with_its_number(teller, ada, lena, course):
    teller.tell(email=lena.email, object_id=course.id)
    query = select(AuditEntry).where(AuditEntry.action.in_(("enrolment.record", "award.earn")))
    entries = db.session.scalars(query).all()
    assert len(entries) == 2
    for entry in entries:
        assert (entry.actor_id, entry.person_id) == (ada.id, lena.id)
        assert (entry.channel, entry.details["token"]) == (Channel.API, teller.token.id)


def test_what_was_earned_by_oneself_is_answered_with_its_award(teller, lena):
    award = earn(lena, make_badge())
    about = {"email": lena.email, "object_id": award.learning_object_id}
    said = teller.tell(**about, expect=200).said
    assert (said["recorded"], said["award_id"]) == (False, award.id)
