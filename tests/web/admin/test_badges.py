"""Staff see what can be earned, and add to it."""

import re

from portal.extensions import db
from portal.models import Badge, BadgeState
from portal.services.issuing import syncing
from tests.factories import make_badge, make_connection, make_course, make_template


def test_an_empty_portal_says_what_to_do_first(browser, ivar):
    assert "Bring them in from your Credly organization" in browser.sign_in(ivar).get(
        "/admin/badges"
    )


def test_ivar_finds_a_badge_by_its_name(browser, ivar):
    make_badge("Knots")
    make_badge("Sails")
    page = browser.sign_in(ivar).get("/admin/badges?q=kno")
    assert "Knots" in page
    assert "Sails" not in page


def test_wildcards_are_taken_literally(browser, ivar):
    make_badge("Knots")
    assert "No badge matches" in browser.sign_in(ivar).get("/admin/badges?q=%25")


def test_filters_stay_in_the_address_of_the_next_page(browser, ivar):
    for number in range(30):
        make_badge(f"Knot {number}")
    page = browser.sign_in(ivar).get("/admin/badges?q=Knot&state=active")
    assert "q=Knot" in page
    assert "page=2" in page


def test_badges_are_sorted_by_name_or_by_when_they_came(browser, ivar):
    for name in ("Ropes", "Anchor", "Knots"):
        make_badge(name)
    browser.sign_in(ivar)
    for sort, names in (
        ("", ["Anchor", "Knots", "Ropes"]),
        ("newest", ["Knots", "Anchor", "Ropes"]),
        ("__class__", ["Anchor", "Knots", "Ropes"]),
    ):
        page = browser.get(f"/admin/badges?sort={sort}")
        assert re.findall(r"/admin/badges/\d+\">(\w+)</a>", page) == names, sort


def test_nonsense_in_the_address_does_no_harm(browser, ivar):
    browser.sign_in(ivar)
    for nonsense in ("page=-5", "page=abc", "page=999999999999", "state=x", "connection=1e9"):
        browser.get(f"/admin/badges?{nonsense}")


def test_a_badge_of_the_portal_alone_is_added_by_its_name(browser, ivar):
    browser.sign_in(ivar).submit("/admin/badges/new", name="House badge", connection="0")
    assert db.session.scalars(db.select(Badge)).one().name == "House badge"


def test_a_badge_without_name_and_template_is_refused_at_the_name(browser, ivar):
    page = browser.sign_in(ivar).submit("/admin/badges/new", expect=200, name="", connection="0")
    assert 'id="name-error-1"' in page


def test_two_active_badges_never_stand_for_one_template(app, browser, ivar):
    template = make_template(make_connection(app.extensions["means"]))
    make_badge(template=template)
    page = browser.sign_in(ivar).submit(
        "/admin/badges/new",
        expect=200,
        name="Second",
        external_badge_id=template.credly_id,
        connection=str(template.connection_id),
    )
    assert "already stands for this template" in page


def test_a_retired_badge_keeps_what_it_is_attached_to(browser, ivar, otto):
    badge = make_badge()
    make_course(otto, "Ropes", badge=badge)
    browser.sign_in(ivar).submit(f"/admin/badges/{badge.id}/edit", name="Knots", retired="y")
    assert db.session.get(Badge, badge.id).state is BadgeState.RETIRED
    assert "Ropes" in browser.get(f"/admin/badges/{badge.id}")


def test_a_script_in_a_name_is_only_text(browser, ivar):
    badge = make_badge("<script>alert(1)</script>")
    answer = browser.sign_in(ivar).client.get(f"/admin/badges/{badge.id}")
    assert "<script>alert" not in answer.get_data(as_text=True)


def test_a_badge_that_is_not_there_is_not_found(browser, ivar):
    browser.sign_in(ivar).get("/admin/badges/999999999999999999999", expect=404)
    browser.get("/admin/badges/12", expect=404)


def test_a_changed_template_shows_what_hangs_on_it(browser, world, ada, ivar):
    world.complete()
    place = f"organizations/{world.credly.id}/templates/{world.template['id']}"
    world.credly.control("PATCH", place, {"state": "archived"})
    run = syncing.ask_for(connection=world.connection, actor=None, now=world.now)
    assert syncing.run_next(world.means, world.now)
    at = f"/admin/connectors/credly/{world.connection.id}/runs/{run.id}"
    page = browser.sign_in(ada).get(at)
    assert "What hangs on it" in page
    assert f"/author/courses/{world.course.id}" in page
    assert "1 delivery is held" in page
    people = f"/admin/badges/{world.badge.id}/people"
    assert people in page
    assert "Lena Learner" in browser.get(people)
    page = browser.get(f"/admin/badges/{world.badge.id}")
    assert "Changes at Credly" in page
    assert "Nothing new can be attached" in page
    page = browser.sign_in(ivar).get(at)
    assert "Earned by: 1." in page
    assert people not in page


def test_badges_that_hang_on_nothing_are_found(browser, ivar, otto):
    make_badge("Loose")
    make_course(otto, badge=make_badge("Tight"))
    page = browser.sign_in(ivar).get("/admin/badges?use=none")
    assert "Loose" in page
    assert "Tight" not in page
    assert "1 active badge is attached to nothing" in browser.get("/admin/")


def test_retiring_a_badge_names_what_it_hangs_on(browser, ivar, otto):
    badge = make_badge("Tight")
    make_course(otto, "Rigging", badge=badge)
    page = browser.sign_in(ivar).get(f"/admin/badges/{badge.id}/edit")
    assert "Rigging" in page
    assert "gets no badge" in page
