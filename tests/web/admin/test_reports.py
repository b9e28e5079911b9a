"""Reports: what happened to whom, in part on the page and whole in the file."""

import csv
import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import insert

from portal.extensions import db
from portal.models import (
    AwardState,
    Enrolment,
    EnrolmentState,
    Group,
    GroupMember,
    Person,
    ReachedLevel,
    Skill,
    SkillLevel,
    Theme,
)
from portal.services.periods import Window, last_weeks
from portal.services.reports import completions
from portal.services.reports.batches import PIECE, Wanted
from tests.factories import earn, make_course, make_credly_badge, make_person
from tests.web.test_statements import counted

PROFILE = "/learner/profile"
NAMES = ("awards", "transcripts", "badges", "skills", "completions")
WRONG = ("from=2026-13-01", "to=1", "from=2026-05-02&to=2026-05-01", "from=1990-01-01")


@pytest.fixture
def earned(app, lena, now):
    """Lena accepted a badge, and reached a level of a skill."""
    url = "https://www.credly.com/badges/1"
    badge = make_credly_badge(app.extensions["means"], "Splicing")
    award = earn(lena, badge, state="accepted", badge_url=url)
    level = SkillLevel(skill=Skill(name="Ropes"), level=2, credits=1)
    db.session.add(level)
    db.session.flush()
    db.session.add(ReachedLevel(learner_id=lena.id, skill_level_id=level.id, reached_at=now))
    db.session.commit()
    return award


def rows_of(page) -> list[dict[str, str]]:
    return list(csv.DictReader(page.removeprefix("\ufeff").splitlines()))


def taken(browser, path: str) -> list[dict[str, str]]:
    """Take a file of people along, which is a button, because it is written down."""
    return rows_of(browser.post(path, page=PROFILE, expect=200))


def test_every_report_has_lena_in_it(browser, ada, lena, earned):
    browser.sign_in(ada)
    for name in NAMES:
        page = browser.get(f"/admin/reports/{name}")
        rows = taken(browser, f"/admin/reports/{name}/rows.csv")
        assert rows, name
        assert all(str(cell) in page for row in rows for cell in row.values()), name
        assert all(f'data-label="{heading}"' in page for heading in rows[0]), name  # on a phone
    (award,) = taken(browser, "/admin/reports/awards/rows.csv")
    assert (award["Badge"], award["Through"]) == ("Splicing", "The way to Splicing")
    assert (award["At Credly"], award["Address"]) == ("Accepted", earned.issued_badge.badge_url)
    (badge,) = taken(browser, "/admin/reports/badges/rows.csv")
    assert (badge["Earned"], badge["Issued"], badge["Accepted"]) == ("1", "1", "1")


def test_no_report_has_an_address_of_whoever_was_erased(app, browser, ada, lena, earned, now):
    award = earn(lena, make_credly_badge(app.extensions["means"], "Knots"), state="pending")
    lena.erased_at, lena.first_name, lena.last_name = now, "–", "–"
    lena.email = f"erased-{lena.id}@invalid"
    db.session.commit()
    browser.sign_in(ada)
    for name in ("awards", "transcripts", "skills", "completions"):
        rows = taken(browser, f"/admin/reports/{name}/rows.csv")
        assert {(row["Last name"], row["Email"]) for row in rows} == {("–", "")}, name
    (waits,) = taken(browser, "/admin/acceptance/pending.csv")
    assert (waits["Name"], waits["Email"]) == ("–", "")
    assert award.learner.email not in browser.get("/admin/acceptance/pending")


def test_a_transcript_has_everything_and_the_badges(browser, ada, lena, earned):
    browser.sign_in(lena)
    lines = rows_of(browser.get("/learner/transcript/transcript.csv"))
    assert {line["What"] for line in lines} == {"Completed", "Skill level", "Badge"}
    assert "3 entries from" in browser.get("/learner/transcript")
    assert browser.client.get("/learner/transcript/transcript.pdf").data.startswith(b"%PDF")
    earned.state = AwardState.CANCELLED
    db.session.commit()
    assert "2 entries from" in browser.get("/learner/transcript")
    earned.state = AwardState.EARNED
    db.session.commit()
    browser.sign_in(ada)
    assert "Ropes, level 2" in browser.get(f"/admin/reports/transcripts/{lena.id}")
    assert taken(browser, f"/admin/reports/transcripts/{lena.id}/transcript.csv") == lines


def test_a_report_is_narrowed(browser, ada, lena, earned, now):
    crew = Group(name="Crew", name_key="crew")
    db.session.add(crew)
    db.session.flush()
    db.session.add(GroupMember(group_id=crew.id, person_id=make_person("Ola Other").id))
    db.session.commit()
    browser.sign_in(ada)
    past = f"from=2020-01-01&to={now - timedelta(days=30):%Y-%m-%d}"
    for name in ("awards", "transcripts", "skills", "completions"):
        for narrowed in (f"group={crew.id}", past, "q=nobody+has+this"):
            assert not taken(browser, f"/admin/reports/{name}/rows.csv?{narrowed}")
            assert "Nothing in this time" in browser.get(f"/admin/reports/{name}?{narrowed}")
    assert taken(browser, "/admin/reports/awards/rows.csv?q=splic")
    assert taken(browser, "/admin/reports/transcripts/rows.csv?q=Lena+Lea")


def test_no_report_asks_more_because_there_is_more(app, browser, ada, lena, earned):
    browser.sign_in(ada)

    def asked(name: str) -> int:
        statements: list[str] = []
        with counted(statements):
            browser.get(f"/admin/reports/{name}")
        return len(statements)

    few = {name: asked(name) for name in NAMES}
    for number in range(4):
        learner = make_person(f"Learner Number{number}x")
        earn(learner, make_credly_badge(app.extensions["means"], f"B {number}"), state="pending")
    assert few == {name: asked(name) for name in NAMES}
    assert max(few.values()) <= 12


def test_wrong_days_are_said_at_their_field(browser, ada, earned):
    browser.sign_in(ada)
    for words in WRONG:
        assert "-error-1" in browser.get(f"/admin/reports/awards?{words}")
        browser.post(f"/admin/reports/awards/rows.csv?{words}", page=PROFILE)
    browser.get("/admin/reports/awards?q=%00" + "x" * 500 + "&group=99&period=99")
    browser.get("/admin/reports/secrets", expect=404)
    browser.get("/admin/reports/transcripts/99", expect=404)


def test_no_cell_is_a_formula(browser, ada, lena, now):
    lena.first_name = "=HYPERLINK(1)"
    course = make_course(ada, '@SUM(1), "quoted"')
    values = {"learner_id": lena.id, "learning_object_id": course.id, "completed_at": now}
    db.session.add(Enrolment(state=EnrolmentState.COMPLETED, success=True, **values))
    db.session.commit()
    browser.sign_in(ada)
    for name in ("completions", "transcripts"):
        (row,) = taken(browser, f"/admin/reports/{name}/rows.csv")
        assert row["First name"] == "'=HYPERLINK(1)"
        assert row["Title"] == '\'@SUM(1), "quoted"'


def complete_many(course, count: int, now) -> None:
    """So many people completed the course, many of them in the same second."""
    person = {"first_name": "Lena", "last_name": "Learner", "theme": Theme.SYSTEM, "active": True}
    attempt = {"learning_object_id": course.id, "attempt": 1, "renews": False, "enrolled_at": now}
    attempt["state"] = EnrolmentState.COMPLETED
    numbers = range(1000, 1000 + count)
    people = ({"id": n, "email": str(n), "earner_id": str(n), "created_at": now} for n in numbers)
    db.session.execute(insert(Person), [one | person for one in people])
    at = ({"learner_id": n, "completed_at": now - timedelta(seconds=n // 900)} for n in numbers)
    db.session.execute(insert(Enrolment), [one | attempt for one in at])
    db.session.commit()


def test_ten_thousand_rows_need_no_more_memory_than_some_hundred(app, ada, now):
    count = 10_000
    complete_many(make_course(ada), count, now)
    rows = completions.rows(Wanted(Window(last_weeks(4, app.extensions["means"].time_zone, now))))
    seen = {next(rows).id for _number in range(2 * PIECE)}
    tracemalloc.start()
    try:
        seen.update(row.id for row in rows)
        assert tracemalloc.get_traced_memory()[1] < 2_500_000  # all at once: 6 MB
    finally:
        tracemalloc.stop()
    assert len(seen) == count, "one was left out, or there twice"
    assert not db.session().in_transaction()
