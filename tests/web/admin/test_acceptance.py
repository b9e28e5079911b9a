"""Ada looks at acceptance, opens the list behind a number, and takes both along as files."""

import uuid

import pytest
from sqlalchemy import insert

from portal.extensions import db
from portal.models import IssuedBadge
from portal.web.admin.acceptance import MANY
from tests.factories import earn, make_credly_badge, make_person
from tests.page import Browser


@pytest.fixture
def desk(browser: Browser, ada) -> Browser:
    return browser.sign_in(ada)


@pytest.fixture
def waiting(app):
    """Pia, who has not accepted Knots."""
    return earn(
        make_person("Pia Pending"),
        make_credly_badge(app.extensions["means"], "Knots"),
        state="pending",
    )


def test_nothing_issued_says_so(desk):
    assert "Nothing is issued yet" in desk.get("/admin/acceptance")
    assert "Everything is accepted" in desk.get("/admin/acceptance/pending")


def test_a_number_leads_to_the_people_behind_it(desk, waiting):
    page = desk.get("/admin/acceptance")
    assert "<h1>Acceptance</h1>" in page
    assert f"/admin/acceptance/pending?age=0-3&badge={waiting.badge_id}" in page
    page = desk.get(f"/admin/acceptance/pending?badge={waiting.badge_id}")
    for words in ("Pia Pending", "Only Knots.", "0 days", f"/admin/people/{waiting.learner_id}"):
        assert words in page
    by_object = desk.get("/admin/acceptance?by=object&days=30&sort=pending")
    assert "The way to Knots" in by_object
    assert f"object={waiting.learning_object_id}" in by_object
    through = desk.get(f"/admin/acceptance/pending?object={waiting.learning_object_id}")
    assert "Only The way to Knots." in through


def test_a_filter_that_finds_nobody_leads_back_to_all(desk, waiting):
    page = desk.get("/admin/acceptance/pending?age=over-30")
    assert "Nobody fits" in page
    assert "Pia Pending" in desk.get("/admin/acceptance/pending?age=nonsense&days=7&object=x")
    desk.get("/admin/acceptance/pending?badge=99999", expect=404)


def test_both_lists_go_out_as_files(desk, waiting):
    table = desk.client.get("/admin/acceptance/table.csv?by=object").text
    assert '"The way to Knots","1","1","0","1","1","0","0","0"' in table
    funnel = desk.client.get("/admin/acceptance/figures/funnel.csv").text
    assert '"Notified","1"' in funnel
    desk.get("/admin/acceptance/figures/nothing.csv", expect=404)
    at = "/admin/acceptance/pending"
    people = desk.post(f"{at}.csv", page=at, expect=200)
    assert f'"Pia Pending","{waiting.learner.email}","Knots"' in people


def test_the_dashboard_leads_there(desk, browser, ivar):
    assert 'href="/admin/acceptance"' in desk.get("/admin/")
    browser.sign_in(ivar).get("/admin/acceptance", expect=403)


def test_very_many_badges_are_counted_as_few_are(desk, waiting):
    """They are counted once a minute; the numbers, their order and their pages are the same."""
    same = {"learner_id": waiting.learner_id, "badge_id": waiting.badge_id, "state": "accepted"}
    rows = [
        {**same, "cycle": cycle, "credly_id": str(uuid.uuid4()), "issued_at": waiting.earned_at}
        for cycle in range(2, MANY + 2)
    ]
    db.session.execute(insert(IssuedBadge), rows)
    db.session.commit()
    for address in ("", "?sort=pending&days=30", "?page=2"):
        page = desk.get(f"/admin/acceptance{address}")
        assert f"badge={waiting.badge_id}" in page
        assert "5,001" in page
    assert "5,000 (" in page
