"""Pages of a badge that is held before it is sent: who reads what, and the two buttons."""

import pytest

from portal.extensions import db
from portal.models import Award, AwardState, Delivery, DeliveryState, Enrolment
from tests.factories import make_person
from tests.services.learning.earlier_desk import Desk


@pytest.fixture
def held(world):
    world.course.hold_minutes = 60
    db.session.commit()
    return world.complete()


def state():
    return db.session.scalar(db.select(Delivery.state))


def test_otto_chooses_how_long_it_is_held(browser, world, otto):
    here = f"/author/courses/{world.course.id}/edit"
    assert "Hold before sending" in browser.sign_in(otto).get(here)
    written = {"title": "Knots", "description": "", "content": "", "policy": "learner"}
    page = browser.submit(here, expect=200, **written, hold_minutes="17")
    assert "hold_minutes-error" in page
    browser.submit(here, **written, hold_minutes="240")
    assert world.course.hold_minutes == 240


def test_everybody_reads_until_when_it_stays(browser, world, held, ada, otto, lena):
    award_id = db.session.scalar(db.select(Award.id))
    page = browser.sign_in(ada).get(f"/admin/deliveries/{held.id}")
    assert "so that it can be cancelled" in page
    assert "Send now" in page
    assert "Retry" not in page
    page = browser.sign_in(otto).get(f"/author/why/{world.course.id}/{lena.id}")
    assert "It is held before it is sent to Credly" in page
    assert "Send now" in page
    browser.sign_in(lena)
    for address in ("/learner/badges", f"/learner/badges/{award_id}"):
        assert "so that it can still be taken back" in browser.get(address)
    assert "It is kept here for a while" in browser.get(f"/learner/why/{world.badge.id}")


def test_the_list_of_learners_says_that_it_is_held(browser, world, held, otto):
    here = f"/author/courses/{world.course.id}"
    for address in (here, f"{here}/learners"):
        page = browser.sign_in(otto).get(address)
        assert ">Held before sending</span>" in page
        assert "On its way to Credly" not in page
    rows = browser.post(f"{here}/learners/learners.csv", page=f"{here}/learners", expect=200)
    assert rows.splitlines()[1].endswith('"Held before sending"')


def test_staff_read_that_it_is_held_and_not_that_it_is_on_its_way(browser, world, held, ada):
    award_id = db.session.scalar(db.select(Award.id))
    enrolment_id = db.session.scalar(db.select(Enrolment.id))
    browser.sign_in(ada)
    for address in (
        "/admin/awards",
        f"/admin/awards/{award_id}",
        f"/admin/people/{world.lena.id}",
        f"/author/courses/{world.course.id}/learners/{enrolment_id}/undo",
    ):
        page = browser.get(address)
        assert ">Held before sending</span>" in page, address
        assert "On its way to Credly" not in page, address


def test_the_preview_of_earlier_completions_names_the_hold(browser, world, otto):
    desk = Desk(world)
    desk.completed("Eva Earlier")
    here = f"/author/earlier-completions/objects/{desk.course.id}"
    browser.sign_in(otto)
    assert "Hold before sending" not in browser.get(here)
    desk.course.hold_minutes = 240
    db.session.commit()
    page = browser.get(here)
    assert "Hold before sending: for 4 hours after it is awarded" in page
    assert "Then it waits: can still be cancelled." in page
    assert "can still be cancelled" in browser.post(f"{here}/people.csv", page=here, expect=200)
    desk.course.badge.external_badge_id = None  # it lives in the portal alone
    db.session.commit()
    assert "Hold before sending" not in browser.get(here)


def test_ada_sends_it_now(browser, held, ada):
    here = f"/admin/deliveries/{held.id}"
    browser.sign_in(ada).post(f"{here}/send-now", page=here)
    assert state() is DeliveryState.WAITING
    assert "Send now" not in browser.get(here)


def test_otto_sends_it_now(browser, world, held, otto, lena):
    here = f"/author/why/{world.course.id}/{lena.id}"
    award_id = db.session.scalar(db.select(Award.id))
    at = f"/author/holding/{world.course.id}/{award_id}/send-now"
    browser.sign_in(otto).post(at, page=here)
    assert state() is DeliveryState.WAITING
    assert "Send now" not in browser.get(here)
    assert "not held any more" in browser.follow(browser.post(at, page=here))


def test_otto_cancels_it(browser, world, held, otto, lena):
    award_id = db.session.scalar(db.select(Award.id))
    browser.sign_in(otto).submit(f"/author/holding/{world.course.id}/{award_id}/cancel")
    assert state() is DeliveryState.CANCELLED
    assert db.session.scalar(db.select(Award.state)) is AwardState.CANCELLED
    page = browser.get(f"/author/why/{world.course.id}/{lena.id}")
    assert "cancelled before it left for Credly" in page
    assert "Award earlier completions" in page
    here = f"/learner/badges/{award_id}"
    page = browser.sign_in(lena).get(here)
    assert "This badge was cancelled" in page
    assert "certificate.pdf" not in page
    browser.get(f"{here}/certificate.pdf", expect=404)


def test_another_author_finds_neither_button(browser, world, held):
    browser.sign_in(make_person("Another Author", roles={"author"}))
    award_id = db.session.scalar(db.select(Award.id))
    browser.get(f"/author/holding/{world.course.id}/{award_id}/cancel", expect=404)
