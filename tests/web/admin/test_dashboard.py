"""The dashboard: its plots say what they show, for the period and the group that is asked for."""

import csv
from datetime import UTC, datetime, timedelta

import pytest

from portal.clock import utc_now
from portal.extensions import db
from portal.models import (
    Delivery,
    Enrolment,
    EnrolmentState,
    Group,
    GroupMember,
    ReachedLevel,
    Skill,
    SkillLevel,
)
from portal.services.issuing import books
from tests.factories import earn, make_connection, make_course, make_credly_badge, make_person

UNKNOWN = ("period=x", "period=custom", "from=&to=", "group=-1", "group=x", "group=9")
WRONG = ("from=2026-13-01", "from=9999-01-01", "to=1", "from=2026-05-02&to=2026")
WRONG += ("from=1990-01-01&to=2030-01-01", "from=2026-05-02&to=2026-05-01")


@pytest.fixture
def issued(app, lena, now):
    """Lena has a badge of three days ago, which she accepted two days later."""
    award = earn(lena, make_credly_badge(app.extensions["means"]), state="accepted")
    award.issued_badge.issued_at = now - timedelta(days=3)
    award.issued_badge.state_changed_at = now - timedelta(days=1, hours=1)
    db.session.commit()
    return award.issued_badge


def numbers_of(page) -> list[list[str]]:
    return list(csv.reader(page.removeprefix("\ufeff").splitlines()))


def test_each_plot_says_what_it_shows(browser, ada, issued):
    page = browser.sign_in(ada).get("/admin/")
    assert "1 badge was issued at Credly from" in page
    assert "Accepted by its owner: 1 of 1 badge issued in this time (100%)." in page
    assert "were accepted within 2 days of the issue." in page
    assert "Completed: 1 of 1 enrolment made in this time (100%)" in page
    assert "No skill level was reached in this time." in page
    assert "No delivery is open." in page


def test_a_new_portal_leads_to_credly_first(app, browser, ada):
    browser.sign_in(ada).post("/admin/books/balance", page="/admin/books")
    assert books.run_next(app.extensions["means"], utc_now())
    page = browser.get("/admin/")
    assert page.index("First steps") < page.index("Issued per week")
    assert "The books balance" not in page


def test_a_day_is_over_after_its_last_second(browser, ada, issued):
    began = issued.issued_at = issued.issued_at.replace(microsecond=400_000)
    browser.sign_in(ada)
    for seconds, within in ((-60, 1), (0, 1), (86_399, 1), (86_400, 2), (3 * 86_400, 4)):
        issued.state_changed_at = began + timedelta(seconds=seconds)
        db.session.commit()
        found = f"were accepted within {within} day"
        assert found in browser.get("/admin/"), seconds


def test_the_numbers_come_as_a_file(browser, ada, issued):
    browser.sign_in(ada)
    rows = numbers_of(browser.get("/admin/figures/issued.csv?period=4"))
    assert len(rows) == 1 + 4
    assert sum(int(number) for _week, number in rows[1:]) == 1
    assert numbers_of(browser.get("/admin/figures/completion.csv"))[1][1:4] == ["100", "1", "1"]


def test_who_was_never_told_is_not_notified(browser, ada, issued):
    """Credly keeps quiet of earlier completions if it is asked to; a reminder makes up for it."""
    delivery = db.session.scalars(db.select(Delivery)).one()
    delivery.suppress_mail, issued.state = True, "pending"
    db.session.commit()
    rows = numbers_of(browser.sign_in(ada).get("/admin/figures/acceptance.csv"))
    assert [row[1] for row in rows[1:5]] == ["1", "0", "0", "1"]
    issued.reminders = 1
    db.session.commit()
    assert numbers_of(browser.get("/admin/figures/acceptance.csv"))[2][1] == "1"


def test_an_empty_portal_has_a_sentence_for_everything(browser, ada):
    page = browser.sign_in(ada).get("/admin/?period=52")
    assert "No badge was issued at Credly" in page
    assert "No badge issued in this time has been accepted yet." in page
    assert "Nobody enrolled in this time." in page
    assert "First steps" in page
    assert 'href="/admin/connectors"' in page.partition("First steps")[2]


def test_the_first_steps_are_those_one_may_take_and_go_once_they_are_taken(app, browser, ada, ivar):
    page = browser.sign_in(ivar).get("/admin/")
    assert "Connect your Credly organization" in page
    assert "Write a course" not in page
    make_connection(app.extensions["means"])
    assert "First steps" not in browser.sign_in(ada).get("/admin/")


def test_a_group_is_looked_at_by_itself(browser, ada, issued):
    crew, empty = Group(name="Crew", name_key="crew"), Group(name="None", name_key="none")
    db.session.add_all([crew, empty])
    db.session.flush()
    db.session.add(GroupMember(group_id=crew.id, person_id=issued.learner_id))
    db.session.commit()
    browser.sign_in(ada)
    assert "1 badge was issued" in browser.get(f"/admin/?group={crew.id}")
    page = browser.get(f"/admin/?group={empty.id}")
    assert "No badge was issued at Credly" in page
    assert f"/admin/figures/issued.csv?group={empty.id}" in page


def test_who_only_keeps_connections_sees_no_learning(browser, ada, ivar, issued):
    db.session.add(Group(name="Crew", name_key="crew"))
    db.session.commit()
    page = browser.sign_in(ivar).get("/admin/?group=1")
    assert "1 badge was issued" in page
    assert "enrolment" not in page
    assert "Crew" not in page
    browser.get("/admin/figures/completion.csv", expect=404)
    browser.get("/admin/figures/acceptance.csv")


def test_a_period_that_is_none_is_said_at_its_field(browser, ada, issued):
    browser.sign_in(ada)
    for words in UNKNOWN + WRONG:
        assert "1 badge was issued" in browser.get(f"/admin/?{words}"), words
        status = 302 if words in WRONG else 200  # back to the page, which says what is wrong
        browser.get(f"/admin/figures/issued.csv?{words}", expect=status)
    page = browser.get("/admin/?from=2026-05-02&to=2026-05-01")
    assert 'id="to-error-1"' in page
    assert "This day lies before the first one." in page


class TestInStockholm:
    @pytest.fixture
    def settings(self):
        return {"TIME_ZONE": "Europe/Stockholm"}

    def test_a_week_begins_at_midnight_of_the_portal(self, browser, ada, issued):
        """Sunday 22:30 UTC is Monday in Stockholm, also in the week in which the clocks go back."""
        issued.issued_at = datetime(2025, 10, 26, 23, 30, tzinfo=UTC)  # 00:30 on the 27th, a Monday
        db.session.commit()
        url = "/admin/figures/issued.csv?from=2025-10-20&to=2025-11-02"
        rows = numbers_of(browser.sign_in(ada).get(url))
        assert [number for _week, number in rows[1:]] == ["0", "1"]
        issued.issued_at = datetime(2025, 10, 19, 22, 30, tzinfo=UTC)  # summer time: 00:30, Monday
        db.session.commit()
        rows = numbers_of(browser.get(url))
        assert [number for _week, number in rows[1:]] == ["1", "0"]


def test_many_years_are_counted_by_months(browser, ada, issued):
    issued.issued_at = datetime(2024, 2, 29, 12, tzinfo=UTC)
    db.session.commit()
    url = "/admin/figures/issued.csv?from=2023-01-15&to=2024-12-31"
    rows = numbers_of(browser.sign_in(ada).get(url))
    assert rows[0] == ["Month", "Issued"]
    assert len(rows) == 1 + 24
    assert ["February 2024", "1"] in rows


def test_completion_leaves_out_who_withdrew(browser, ada, lena, now):
    course = make_course(ada, "Splicing")
    states = (EnrolmentState.COMPLETED, EnrolmentState.ENROLLED, EnrolmentState.WITHDRAWN)
    for number, state in enumerate(states):
        learner = make_person(f"Learner Number{number}x")
        values = {"learner_id": learner.id, "learning_object_id": course.id, "state": state}
        db.session.add(Enrolment(enrolled_at=now, success=True, **values))
    level = SkillLevel(skill=Skill(name="Ropes"), level=2, credits=1)
    db.session.add(level)
    db.session.flush()
    db.session.add(ReachedLevel(learner_id=lena.id, skill_level_id=level.id, reached_at=now))
    db.session.commit()
    page = browser.sign_in(ada).get("/admin/")
    assert "Completed: 1 of 2 enrolments made in this time (50%)" in page
    rows = numbers_of(browser.get("/admin/figures/levels.csv"))
    assert rows[1] == ["Ropes, level 2", "1"]
