"""The people on a learning object: found, exported, enrolled, recorded."""

from datetime import timedelta

import pytest

from portal.extensions import db
from portal.models import Award, Enrolment, EnrolmentState, Policy
from portal.services.learning import completions
from portal.services.people import groups
from portal.services.privacy import erasure
from tests.factories import make_badge, make_course, make_person
from tests.page import Browser


@pytest.fixture
def course(otto):
    """A course of Otto's that staff record."""
    return make_course(otto, badge=make_badge(), policy=Policy.STAFF)


@pytest.fixture
def owner(browser, otto):
    """Otto's browser."""
    return browser.sign_in(otto)


@pytest.fixture
def at(course):
    return f"/author/courses/{course.id}/learners"


def enrolments() -> dict[int, Enrolment]:
    return {one.learner_id: one for one in db.session.scalars(db.select(Enrolment))}


def test_people_are_enrolled_by_tick_paste_and_group(owner, at, ada, lena, now):
    pasted, grouped = make_person("Pia Pasted"), make_person("Gro Grouped")
    crew = groups.create(actor=ada, name="Crew", description="", now=now)
    groups.add(actor=ada, group=crew, people=[grouped, lena], now=now)
    due = (now + timedelta(days=30)).date()
    page = owner.submit(
        f"{at}/enrol",
        person=lena.id,
        emails=pasted.email,
        group=crew.id,
        due=due.isoformat(),
    )
    assert "3 people were enrolled." in owner.follow(page)
    found = enrolments()
    assert set(found) == {lena.id, pasted.id, grouped.id}
    assert {one.due_at.date() for one in found.values()} == {due}
    again = owner.follow(owner.submit(f"{at}/enrol", group=crew.id))
    assert "2 people were on it already." in again


def test_unknown_addresses_are_named_and_the_others_enrolled(owner, at, lena):
    page = owner.submit(
        f"{at}/enrol", expect=200, emails=f"{lena.email}\nnobody@example.org", group=0
    )
    assert "1 address belongs to nobody here" in page
    assert set(enrolments()) == {lena.id}


def test_deactivated_people_are_left_out(owner, at, lena):
    lena.active = False
    db.session.commit()
    page = owner.follow(owner.submit(f"{at}/enrol", emails=lena.email, group=0))
    assert "Left out: Lena Learner. This account is deactivated" in page
    assert enrolments() == {}


@pytest.mark.parametrize("due", ["yesterday", "2020-01-01", "31.12.2030", "9999-12-31"])
def test_a_due_day_that_cannot_be_is_said_at_the_field(owner, at, lena, due):
    page = owner.submit(f"{at}/enrol", expect=200, emails=lena.email, group=0, due=due)
    assert 'id="due-error-1"' in page
    assert enrolments() == {}


def test_staff_record_completions_and_badges_follow(owner, at, lena):
    page = owner.submit(f"{at}/record", person=lena.id, group=0, day="2026-02-03", result="success")
    assert "1 completion was recorded." in owner.follow(page)
    done = enrolments()[lena.id]
    assert (done.state, done.success) == (EnrolmentState.COMPLETED, True)
    assert done.completed_at.date().isoformat() == "2026-02-03"
    assert db.session.query(Award).one().earned_at == done.completed_at
    again = owner.submit(
        f"{at}/record", person=lena.id, group=0, day="2026-02-04", result="success"
    )
    assert "1 person had completed it already." in owner.follow(again)


def test_without_success_nothing_is_earned_until_a_success(app, owner, at, course, lena):
    values = {"person": lena.id, "group": 0, "day": "2026-02-03"}
    owner.submit(f"{at}/record", result="failure", **values)
    assert db.session.query(Award).count() == 0
    page = Browser(app).sign_in(lena).get(f"/learner/courses/{course.id}")
    assert "recorded without success, so it earned nothing" in page
    assert "Enrol again" in page
    owner.submit(f"{at}/record", result="success", **values)
    assert db.session.query(Award).count() == 1
    assert db.session.query(Enrolment).count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("day", ""), ("day", "2999-01-01"), ("day", "0001-01-01"), ("day", "x"), ("result", "maybe")],
)
def test_what_cannot_be_recorded_is_said_at_the_field(owner, at, lena, field, value):
    values = {"person": lena.id, "group": 0, "day": "2026-02-03", "result": "success", field: value}
    page = owner.submit(f"{at}/record", expect=200, **values)
    assert f'id="{field}-error-1"' in page
    assert enrolments() == {}


def test_the_list_is_searched_and_narrowed(owner, at, course, ada, lena, now):
    late = make_person("Late Learner")
    completions.enrol(learner=lena, learning_object=course, now=now)
    completions.enrol(learner=late, learning_object=course, now=now, due_at=now - timedelta(days=1))
    crew = groups.create(actor=ada, name="Crew", description="", now=now)
    groups.add(actor=ada, group=crew, people=[lena], now=now)
    for narrowed, seen, unseen in (
        ("q=Late", "Late Learner", "Lena Learner"),
        ("standing=overdue", "Late Learner", "Lena Learner"),
        (f"group={crew.id}", "Lena Learner", "Late Learner"),
    ):
        page = owner.get(f"{at}?{narrowed}")
        assert seen in page
        assert unseen not in page
    assert "Nobody is found" in owner.get(f"{at}?standing=completed")


def test_the_list_is_downloaded_and_runs_nothing_in_a_spreadsheet(owner, at, course, lena, now):
    lena.last_name = "=1+1"
    db.session.commit()
    completions.enrol(learner=lena, learning_object=course, now=now)
    answer = owner.post(f"{at}/learners.csv", page=at, expect=200)
    text = answer.removeprefix("\ufeff")
    assert text.splitlines()[0].startswith('"Last name","First name","Email"')
    assert text.splitlines()[1].startswith(f'"\'=1+1","Lena","{lena.email}","1","Enrolled"')
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_of_whoever_was_erased_a_dash_is_left_and_no_address(
    app, owner, at, course, lena, ada, now
):
    completions.enrol(learner=lena, learning_object=course, now=now)
    wish = {"actor": ada, "person": lena, "now": now}
    erasure.ask_for(**wish, reason="asked by letter")
    means = app.extensions["means"]
    erasure.erase(**wish, typed=lena.email, revoke=False, means=means)
    page = owner.get(at)
    assert "<div>– (deactivated)</div>" in page
    assert lena.email not in page
    line = owner.post(f"{at}/learners.csv", page=at, expect=200).splitlines()[1]
    assert line.startswith('"–","–","","1"')


def test_someone_elses_learners_do_not_exist(app, at, course):
    other = Browser(app).sign_in(make_person("Olga Other", roles={"author"}))
    for page in ("", "/enrol", "/record"):
        other.get(f"{at}{page}", expect=404)
    other.post(f"{at}/learners.csv", page="/learner/profile", expect=404)
    other.get(f"/author/certifications/{course.id}/learners", expect=404)


def test_who_is_left_out_is_named_with_the_reason(owner, course, otto):
    nils = make_person("Nils Neighbour")
    nils.active = False
    db.session.commit()
    record = f"/author/courses/{course.id}/learners/record"
    emails = f"{nils.email} {otto.email}"
    answer = owner.submit(record, emails=emails, group=0, day="2026-01-02", result="success")
    page = owner.follow(answer)
    assert "Left out: Nils Neighbour. This account is deactivated" in page
    assert "Left out: Otto Author. You cannot record your own completion." in page
    enrol = owner.submit(f"/author/courses/{course.id}/learners/enrol", emails=nils.email, group=0)
    assert "Left out: Nils Neighbour." in owner.follow(enrol)


def test_nobody_left_to_tick_leaves_no_button(owner, at, course, lena, now):
    button = "Record completion of those ticked"
    completions.enrol(learner=lena, learning_object=course, now=now)
    assert button in owner.get(at)
    owner.submit(f"{at}/record", person=lena.id, group=0, day="2026-02-03", result="success")
    assert button not in owner.get(at)
