"""The pages of *Award earlier completions*: preview, progress, taking back, and the CSV files."""

import pytest

from portal.extensions import db
from portal.models import AuditEntry, EarlierRun, EarlierState
from portal.services.learning.earlier_running import Pace, work_on
from tests.factories import make_course, make_person
from tests.services.learning.earlier_desk import Desk


@pytest.fixture
def desk(world):
    return Desk(world)


@pytest.fixture
def here(desk):
    desk.completed("Eva Earlier")
    return f"/author/earlier-completions/objects/{desk.course.id}"


def test_it_is_offered_where_somebody_has_completed_the_course(browser, desk, here):
    page = browser.sign_in(desk.otto).get(f"/author/courses/{desk.course.id}")
    assert "1 person completed this and does not have its badge." in page
    assert here in page


def test_from_the_preview_to_the_last_badge(browser, desk, here):
    browser.sign_in(desk.otto)
    page = browser.get(here)
    assert "Will issue: 1" in page
    assert "Eva Earlier" in page
    started = browser.submit(here, reason="They were there first", suppress_mail="y")
    assert "0 of 1 people are dealt with" in browser.follow(started)
    assert "HX-Refresh" not in browser.get(started.location).headers
    assert work_on(desk.world.means, desk.now + desk.world.means.rules.quiet_period, Pace())
    page = browser.follow(started)
    assert "1 badge was awarded." in page
    assert "They were there first" in page
    assert "Already has: 1" in browser.get(here)
    desk.world.work(after=1000)
    page = browser.get(f"{started.location}/undo")
    assert "Nothing waits any more that could be cancelled." in page
    assert "1 badge has left for Credly and stays." in page
    assert 'name="reason"' not in page, "nothing is asked where nothing can be done"


def test_a_reason_is_asked_for_at_its_field(browser, desk, here):
    page = browser.sign_in(desk.otto).submit(here, expect=200, reason=" ")
    assert 'id="reason-error-1"' in page
    assert db.session.scalars(db.select(EarlierRun)).all() == []


def test_paused_resumed_and_taken_back_by_buttons(browser, desk, here):
    run = browser.sign_in(desk.otto).submit(here, reason="They were there first").location
    assert "Paused." in browser.follow(browser.post(f"{run}/pause", page=run))
    assert "It goes on" in browser.follow(browser.post(f"{run}/resume", page=run))
    assert "1 person still waits and gets none." in browser.get(f"{run}/undo")
    assert "reason-error-1" in browser.submit(f"{run}/undo", expect=200)
    assert "Taken back." in browser.follow(browser.submit(f"{run}/undo", reason="Too early"))
    assert db.session.scalars(db.select(EarlierRun)).one().state is EarlierState.UNDONE
    assert browser.get(f"{run}/undo", expect=302).location.endswith(run)


def test_both_lists_come_as_files(browser, desk, here):
    desk.completed("=Frida Formula")
    run = browser.sign_in(desk.otto).submit(here, reason="They were there first").location
    for path in (f"{here}/people.csv", f"{run}/people.csv"):
        file = browser.post(path, page=here, expect=200)
        assert "attachment" in file.headers["Content-Disposition"]
        assert '"Eva Earlier"' in file
        assert '"\'=Frida Formula"' in file
        assert "Will issue" in file
    told = db.session.query(AuditEntry).filter_by(action="export.earlier")
    assert {entry.subject for entry in told} == {"course", "earlier_run"}


def test_a_course_without_a_badge_says_what_to_do_first(browser, desk, here):
    desk.course.badge = None
    db.session.commit()
    page = browser.sign_in(desk.otto).get(here)
    assert "Attach a badge first." in page
    assert "There is nobody" not in page
    file = browser.post(f"{here}/people.csv", page="/learner/profile", expect=200)
    assert file.count("\n") == 1


def test_somebody_elses_do_not_exist(browser, desk, here):
    run = browser.sign_in(desk.otto).submit(here, reason="They were there first").location
    browser.sign_in(make_person("Another Author", roles={"author"}))
    for path in (here, run, f"{run}/undo"):
        browser.get(path, expect=404)
    for path in (here, run):
        browser.post(f"{path}/people.csv", page="/learner/profile", expect=404)
    browser.get("/author/earlier-completions/levels/1", expect=404)


def test_nobody_there_yet(browser, desk, otto):
    course = make_course(otto, "Nobody's", badge=desk.world.badge)
    page = browser.sign_in(otto).get(f"/author/earlier-completions/objects/{course.id}")
    assert "Nobody completed it yet" in page
    assert "There is nobody to award the badge to." in page


def test_the_preview_and_its_file_say_what_will_keep_a_badge_waiting(browser, desk, here):
    desk.completed("Otto Out").opted_out_at = desk.now
    db.session.commit()
    browser.sign_in(desk.otto)
    assert browser.get(here).count("Then it waits: opted out.") == 1
    file = browser.post(f"{here}/people.csv", page=here, expect=200)
    assert file.count("Then it waits: opted out.") == 1
